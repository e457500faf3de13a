// Where the web client begins: what everybody needs at once. What is opened later is loaded then, see `pages.js`.

import "./pages.js";
import "./theme.js";
import "./chats/list.js";
import "./chats/page.js";
import "./composer/composer.js";
import "./composer/emoji.js";
import "./messages/conversation.js";
import { defineApp } from "./shell/app.js";
import { loadWords } from "./words.js";

// Without its words a language is shown in English.
loadWords().catch(() => {}).then(defineApp);
