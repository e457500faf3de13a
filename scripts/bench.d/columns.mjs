// A table with a column for each of many: ours is the first, and the ratio is that to the best of its peers; what misses its goal is bold.
import { shown } from "./table.mjs";

export const table = (columns, allPeers = columns.slice(1)) => {
  const head = () => console.log(`| workload | goal | ratio | ${columns.join(" | ")} |\n|---|---|${"---:|".repeat(columns.length + 1)}`);

  // goal: {most or least, of: "best", the ratio, or nothing: the figure itself}; `peers` of the goal are those that count, `among` says
  // who they are, and `isMore` that more is better where there is no `least`. Figures by the names of the columns.
  const row = (what, goal, figures) => {
    const peers = (goal.peers ?? allPeers).map((name) => figures[name]).filter((figure) => figure !== undefined);
    const own = figures[columns[0]];
    const isMore = goal.least !== undefined || goal.isMore;
    const ratio = peers.length > 0 ? own / (isMore ? Math.max : Math.min)(...peers) : undefined;
    const measured = goal.of ? ratio : own;
    const isMissed = measured > goal.most || measured < goal.least;
    const [sign, limit] = goal.most === undefined ? ["≥", goal.least] : ["≤", goal.most];
    const best = goal.of ? ` × the best${goal.among ? ` ${goal.among}` : ""}` : "";
    const text = limit === undefined ? "" : `${sign} ${limit.toLocaleString("en")}${best}`;
    const bold = (cell, is) => (is ? `**${cell}**` : cell);
    const [first, ...rest] = columns.map((name) => shown(figures[name]));
    console.log(`| ${[what, text, bold(shown(ratio), isMissed && goal.of), bold(first, isMissed && !goal.of), ...rest].join(" | ")} |`);
  };
  return { head, row };
};
