// My chats: `<tl-chat-list>`.

import { Element, define } from "../element.js";

class ChatList extends Element {}

define("tl-chat-list", ChatList);
