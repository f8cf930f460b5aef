/** Passkeys: asks the device for one and sends what it answers. Without a device that can, the button stays hidden. */

type Wire = Record<string, unknown>;
type Options = { publicKey: Wire };

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const field = form.elements.namedItem("credential");
  if (!window.PublicKeyCredential || !(field instanceof HTMLInputElement)) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, false);
    try {
      field.value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      say(form, true);
    }
  });
}

function say(form: HTMLFormElement, failed: boolean): void {
  const said = form.querySelector<HTMLElement>("[data-said]");
  if (!said) return;
  said.textContent = failed ? (form.dataset.failed ?? "") : "";
  said.hidden = !failed;
}

async function answer(form: HTMLFormElement): Promise<Wire> {
  const options = await optionsFor(form);
  if (form.dataset.passkey === "add") {
    const selection = (options.publicKey.authenticatorSelection ?? {}) as Wire;
    Object.assign(selection, { residentKey: "required", requireResidentKey: true, userVerification: "required" });
    options.publicKey.authenticatorSelection = selection;
    return told(
      await navigator.credentials.create({ publicKey: read(options.publicKey) as unknown as PublicKeyCredentialCreationOptions }),
    );
  }
  return told(await navigator.credentials.get({ publicKey: read(options.publicKey) as unknown as PublicKeyCredentialRequestOptions }));
}

async function optionsFor(form: HTMLFormElement): Promise<Options> {
  const script = document.getElementById(form.dataset.options ?? "");
  if (script) return JSON.parse(script.textContent ?? "");
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()).request_options;
}

/** What the server wrote as base64url becomes bytes: the challenge and every id. */
function read(wire: Wire): Wire {
  const ids = (list: unknown) => (list as Wire[] | undefined)?.map((one) => ({ ...one, id: bytes(one.id) }));
  const user = wire.user as Wire | undefined;
  return {
    ...wire,
    challenge: bytes(wire.challenge),
    ...(user && { user: { ...user, id: bytes(user.id) } }),
    ...(wire.excludeCredentials ? { excludeCredentials: ids(wire.excludeCredentials) } : {}),
    ...(wire.allowCredentials ? { allowCredentials: ids(wire.allowCredentials) } : {}),
  };
}

/** The credential as the server reads it: bytes become base64url. */
function told(given: Credential | null): Wire {
  const credential = given as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] as const;
  const known = parts.filter((part) => response[part]).map((part) => [part, text(response[part] as ArrayBuffer)]);
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...Object.fromEntries(known), ...(response.getTransports && { transports: response.getTransports() }) },
  };
}

function bytes(base64url: unknown): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(String(base64url).replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
