/** What every page loads: the styles, and the islands that the page asks for with `data-island="name"`. */

import "./styles/tabler.scss";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/tabler-values.css";
import "./styles/type.css";
import "./styles/shell.css";
import "./styles/controls.css";
import "./styles/floating.css";
import "./styles/parts.css";
import "./styles/register.css";
import "./styles/register-narrow.css";
import "./styles/axle.css";
import "./styles/record.css";
import "./styles/analysis.css";
import "./styles/fault-tree.css";
import "./styles/pareto.css";
import "./styles/papers.css";
import "./styles/auditing.css";
import "./styles/on-device.css";
import "./styles/document.css";
import "./styles/questions.css";
import "./styles/reviewing.css";
import "./styles/writing.css";
import "./styles/bringing-in.css";
import "./styles/importing.css";
import "./styles/arriving.css";
import "./styles/pages.css";
import "./styles/room.css";
import "./styles/phone.css";
import "./styles/report.css";
import "./styles/accounts.css";
import "./styles/kiosk.css";
import "./styles/shell-narrow.css";
import "./styles/print.css";
import { begin } from "./islands/begin.ts";

begin();
