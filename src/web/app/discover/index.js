// The feature `discover`: public chats, and invites.

import { define } from "../element.js";
import { addWords } from "../words.js";
import { DiscoverPage } from "./discover.js";
import { InvitePage } from "./invite.js";
import { en, ru, zh } from "./words.js";

addWords({ en, zh, ru });

define("tl-discover-page", DiscoverPage);
define("tl-invite-page", InvitePage);
