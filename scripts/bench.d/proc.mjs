// What processes take, read from /proc: CPU in seconds, memory in KiB.
import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

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

export const residentKib = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

const stat = (pid) => {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
};

const ofPostgres = (postmaster) => {
  const fields = stat(postmaster);
  // What ended backends used is counted at their parent, in hundredths of a second.
  const ended = (Number(fields[13]) + Number(fields[14])) / 100;
  const backends = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (stat(pid)[1] !== String(postmaster)) continue;
    // The title says which database it serves.
    const [, , database] = read(`/proc/${pid}/cmdline`).split("\0")[0].split(" ");
    backends.set(pid, { database, seconds: ofProcess(pid) });
  }
  return { seconds: ofProcess(postmaster) + ended, backends };
};

// What a server and PostgreSQL use from now on, each time it is called. Backends that serve one of the others are left out.
export const meter = ({ pid, postmaster, others = [] }) => {
  const [server, before] = [pid ? ofProcess(pid) : 0, ofPostgres(postmaster)];
  return () => {
    const now = ofPostgres(postmaster);
    let seconds = now.seconds - before.seconds;
    for (const [backend, { database, seconds: all }] of now.backends) {
      if (!others.includes(database)) seconds += all - (before.backends.get(backend)?.seconds ?? 0);
    }
    // All that these ever used has come to be their parent's.
    for (const [backend, { seconds: until }] of before.backends) if (!now.backends.has(backend)) seconds -= until;
    const used = pid ? ofProcess(pid) - server : 0;
    return { server: used, postgres: seconds, both: used + seconds };
  };
};

// What they have used so far, since they were started.
export const soFar = (pid, postmaster) => {
  const { seconds, backends } = ofPostgres(postmaster);
  return [...backends.values()].reduce((sum, backend) => sum + backend.seconds, ofProcess(pid) + seconds);
};

const LOOK_MS = 300;
const CALM = 0.05;
const PATIENCE_MS = 30_000;

// Waits until nobody has much to do any more: what one was asked is not to be felt by the next.
export const calm = async (pids, postmaster) => {
  const end = performance.now() + PATIENCE_MS;
  for (let busy = true; busy && performance.now() < end; ) {
    const used = meter({ postmaster });
    const before = pids.map(ofProcess);
    await sleep(LOOK_MS);
    const servers = pids.reduce((sum, pid, place) => sum + ofProcess(pid) - before[place], 0);
    busy = servers + used().postgres > (CALM * LOOK_MS) / 1e3;
  }
};
