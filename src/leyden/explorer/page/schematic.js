// The drawing of the device, as the server made it.

import { byId, fill, parsed } from "./dom.js";

export function showSchematic(text) {
  fill(byId("schematic"), text ? parsed(text, "image/svg+xml") : "");
}
