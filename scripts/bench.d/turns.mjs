// Runs that take turns, so that all of them meet the same machine.

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

// runs: {name: doing that answers {figure: number}}; what cannot be had is undefined. Answers {figure: {name: median}}.
export const inTurns = async (runs, { rounds, isWarm, calm }) => {
  const figures = {};
  // Everybody's first run plans and compiles; it counts for nobody.
  for (let round = isWarm ? 0 : -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      await calm();
      for (const [figure, number] of Object.entries((await run?.()) ?? {})) {
        figures[figure] ??= {};
        figures[figure][name] ??= [];
        if (round >= 0) figures[figure][name].push(number);
      }
    }
  }
  for (const named of Object.values(figures)) for (const name of Object.keys(named)) named[name] = median(named[name]);
  return figures;
};
