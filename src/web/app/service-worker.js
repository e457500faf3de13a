// What runs beside the pages.

const VERSION = "{version}";

self.addEventListener("install", () => void VERSION);
