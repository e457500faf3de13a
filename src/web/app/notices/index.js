// The feature `notices`: what goes on beside every page. It is loaded once the first page is there.

import "../notices.js";
import "../seen.js";
