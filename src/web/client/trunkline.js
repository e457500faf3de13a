// The client library of Trunkline. See README.md beside this file.

export { Trunkline } from "./client.js";
export { TrunklineError } from "./errors.js";
