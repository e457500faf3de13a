// What the conversations check with.

declare const process: { env: Record<string, string | undefined> };

/** Where the server answers. */
export const base = process.env.BASE ?? '';

/** A name that nobody has yet. */
export const fresh = (name: string): string => `${name}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;

/** Goes on only if it holds. */
export function check(holds: boolean, what: string): asserts holds {
    if (!holds) throw new Error(what);
}

/** Goes on only with a value. */
export function have<T>(value: T | undefined | null, what: string): T {
    if (value === undefined || value === null) throw new Error(`no ${what}`);
    return value;
}

/** Two types that must be the same. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
