// The sections of the administration, and what one must be permitted to see each.

import "./announcements.js";
import "./audit.js";
import "./jobs.js";
import "./overview.js";
import "./roles.js";
import "./routes.js";
import "./schedules.js";
import "./topics.js";
import "./users.js";

/**
 * A section. `needs` names permissions of which one suffices; without it, it is there for who may see any other.
 * `ask` is a request that says so where roles cannot be read: it changes nothing, and is refused with 403 or not.
 * @typedef {object} Section
 * @property {string} name as in the address
 * @property {string} icon
 * @property {string} element
 * @property {string[]} [needs]
 * @property {["GET" | "POST", string]} [ask]
 */

/** @type {Section[]} */
export const SECTIONS = [
  { name: "overview", icon: "chart", element: "tl-admin-overview" },
  { name: "users", icon: "people", element: "tl-admin-users", needs: ["PUT:/api/v1/users/{id}/roles", "PUT:/api/v1/users/{id}/status"], ask: ["GET", "/users?status=active&limit=1"] },
  { name: "roles", icon: "key", element: "tl-admin-roles", needs: ["GET:/api/v1/roles"], ask: ["GET", "/roles?limit=1"] },
  { name: "routes", icon: "link", element: "tl-admin-routes" },
  { name: "jobs", icon: "refresh", element: "tl-admin-jobs", needs: ["GET:/api/v1/jobs"], ask: ["GET", "/jobs?limit=1"] },
  { name: "schedules", icon: "clock", element: "tl-admin-schedules", needs: ["GET:/api/v1/schedules"], ask: ["GET", "/schedules?limit=1"] },
  { name: "topics", icon: "file", element: "tl-admin-topics", needs: ["GET:/api/v1/topics"], ask: ["GET", "/topics?limit=1"] },
  { name: "audit", icon: "history", element: "tl-admin-audit", needs: ["GET:/api/v1/audit"], ask: ["GET", "/audit?limit=1"] },
  { name: "announcements", icon: "send", element: "tl-admin-announcements", needs: ["POST:/api/v1/notifications"], ask: ["POST", "/notifications"] },
];
