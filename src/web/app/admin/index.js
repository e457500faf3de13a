// The feature `admin`: pages of administrators.

import { addWords } from "../words.js";
import { defineAdminPage } from "./page.js";
import { words } from "./words.js";

addWords(words);
defineAdminPage();
