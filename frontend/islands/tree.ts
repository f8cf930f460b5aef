/** Arrow keys on the drawing of a fault tree: up to what an event leads to, down to what brings it about, sideways among those beside it. */

export function start(drawing: HTMLElement): void {
  const events = [...drawing.querySelectorAll<SVGAElement>("a.event")];
  drawing.addEventListener("keydown", (pressed) => {
    const here = events.find((event) => event === document.activeElement);
    const there = here ? beside(events, here, pressed.key) : pressed.key === "ArrowDown" ? events[0] : undefined;
    if (!there) return;
    pressed.preventDefault();
    there.focus();
    there.scrollIntoView({ block: "nearest", inline: "center" });
  });
  const choose = () => mark(events, chosen());
  window.addEventListener("hashchange", () => {
    choose();
    write();
  });
  choose();
  if (location.hash) write();
}

function chosen(): string {
  const open = document.querySelector(".event-panel.is-open");
  return decodeURIComponent(location.hash.slice(1)) || open?.id || document.querySelector(".event-panel.is-top")?.id || "";
}

function beside(events: SVGAElement[], here: SVGAElement, key: string): SVGAElement | undefined {
  const among = events.filter((event) => event.dataset.above === here.dataset.above);
  const place = among.indexOf(here);
  if (key === "ArrowUp") return events.find((event) => event.dataset.key === here.dataset.above);
  if (key === "ArrowDown") return events.find((event) => event.dataset.above === here.dataset.key);
  if (key === "ArrowRight") return among[place + 1];
  if (key === "ArrowLeft") return among[place - 1];
  return undefined;
}

/** The chosen event stands out on the drawing, and the drawing shows it. */
function mark(events: SVGAElement[], key: string): void {
  for (const event of events) {
    if (event.dataset.key === key) event.setAttribute("aria-current", "true");
    else event.removeAttribute("aria-current");
  }
  const event = events.find((one) => one.dataset.key === key);
  const drawing = event?.closest<HTMLElement>(".drawn");
  if (!event || !drawing) return;
  const middle = event.getBoundingClientRect().left + event.getBoundingClientRect().width / 2 - drawing.getBoundingClientRect().left;
  drawing.scrollLeft += middle - drawing.clientWidth / 2;
}

/** Whoever chose an event by keyboard or comes back from adding one goes on writing below it. */
function write(): void {
  const field = document.getElementById(chosen())?.querySelector<HTMLInputElement>("[data-first]");
  if (field && window.matchMedia("(hover: hover)").matches) field.focus({ preventScroll: true });
}
