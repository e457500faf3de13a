// The pictures of buttons that the first screen does without; they come with every feature.

import { addIcons } from "../icons.js";

addIcons({
  forward: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  up: "M5 15l7-7 7 7",
  camera: "M4 7h4l2-3h4l2 3h4v12H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  ticket: "M3 8h18v3a1.500 1.500 0 0 0 0 3v3H3v-3a1.500 1.500 0 0 0 0-3zM14 8v9",
  qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2",
  comment: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  key: "M8 18a4 4 0 1 0 0-8 4 4 0 0 0 0 8M11 11l9-8M16 7l3 3",
  phone: "M7 3h10v18H7zM11 18h2",
  device: "M4 5h16v10H4zM9 20h6M12 15v5",
  chart: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
  history: "M4 12a8 8 0 1 0 2.500-6M4 4v4h4M12 8v4l3 2",
  refresh: "M20 11a8 8 0 1 0-.5 4M20 5v6h-6",
  star: "M12 4l2.500 5.200 5.500.800-4 4 1 5.700-5-2.700-5 2.700 1-5.700-4-4 5.500-.800z",
  eye: "M2.500 12c2.200-4.300 5.400-6.500 9.500-6.500s7.300 2.200 9.500 6.500c-2.200 4.300-5.400 6.500-9.500 6.500s-7.300-2.200-9.500-6.500zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  add_person: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20c.500-4 3-6 6.500-6s6 2 6.500 6M19 8v6M16 11h6",
});
