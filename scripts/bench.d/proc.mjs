// CPU of processes, read from /proc: seconds.
import { readFileSync, readdirSync } from "node:fs";

const read = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

// Of a whole process, thread by thread, in nanoseconds: what is quiet uses little.
export const ofProcess = (pid) => {
  let nanos = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanos += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0] || 0);
    }
  } catch {
    // It has ended.
  }
  return nanos / 1e9;
};

const stat = (pid) => {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
};

// Of a PostgreSQL, without the backends of these databases: of each the title says which it serves.
export const ofPostgres = (postmaster, without) => {
  const fields = stat(postmaster);
  // What ended backends used is counted at their parent, in hundredths of a second.
  let seconds = ofProcess(postmaster) + (Number(fields[13]) + Number(fields[14])) / 100;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (stat(pid)[1] !== String(postmaster)) continue;
    const title = read(`/proc/${pid}/cmdline`).split("\0")[0].split(" ");
    if (!without.some((database) => title[2] === database)) seconds += ofProcess(pid);
  }
  return seconds;
};
