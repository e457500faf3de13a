// One table: each goal is a ratio to the peer or to the floor, or a figure; what misses it is bold.

const NAMES = { peer: "the peer", floor: "the floor" };

export const shown = (number) => {
  if (number === undefined || Number.isNaN(number)) return "–";
  if (number >= 1000) return Math.round(number).toLocaleString("en");
  return number === 0 ? "0" : String(Number(number.toPrecision(3)));
};

export const head = () => {
  console.log("| workload | goal | ratio | Trunkline | peer | floor |\n|---|---|---:|---:|---:|---:|");
};

// goal: {most or least, of: "peer", "floor" or nothing: the figure itself}; figures: {trunkline, peer, floor}.
export const row = (what, goal, { trunkline, peer, floor }) => {
  const beside = { peer, floor }[goal.of ?? "peer"];
  const ratio = trunkline / beside;
  const measured = goal.of ? ratio : trunkline;
  const isMissed = measured > goal.most || measured < goal.least;
  const [sign, limit] = goal.most === undefined ? ["≥", goal.least] : ["≤", goal.most];
  const text = limit === undefined ? "" : `${sign} ${limit}${goal.of ? ` × ${goal.name ?? NAMES[goal.of]}` : ""}`;
  const bold = (cell, is) => (is ? `**${cell}**` : cell);
  const cells = [bold(shown(ratio), isMissed && goal.of), bold(shown(trunkline), isMissed && !goal.of), shown(peer), shown(floor)];
  console.log(`| ${what} | ${text} | ${cells.join(" | ")} |`);
};
