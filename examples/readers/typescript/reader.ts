// Reads deskc-snapshot/1 as docs/reference/snapshot.md describes it, by node's standard library alone.
import { createHash } from "node:crypto";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Name = string | null;
type Rule = { path: string; type: string; minimum: number | null; maximum: number | null; enum: Json[] | null };
type Ids = { coin: Name; side: Name; arm: Name; config_version: Name };
type Row = Ids & { params_digest: string; line_digest: string; length: number };
type Line = Ids & { params: { [section: string]: Json } };
type Header = { format: string; environment: string; bot: string; experiments: Json[]; late: Rule[]; scopes: Row[] };

/** Where late references are looked up. */
export type Sources = { env: Record<string, string>; secrets: Record<string, string> };

/** Why there is nothing to trade by; names are those of deskc's Python exceptions. */
export class Refused extends Error {
  constructor(name: string, message: string, readonly settings: string[] = []) {
    super(message);
    this.name = name;
  }
}

export function need(holds: boolean, name: string, message: string): void {
  if (!holds) throw new Refused(name, message);
}

export const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");

export function parse<T>(data: Uint8Array, name: string): T {
  let value: T | null = null;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data)) as T;
  } catch {
    need(false, name, "it is no JSON");
  }
  need(typeof value === "object" && value !== null && !Array.isArray(value), name, "it is no JSON object");
  return value as T;
}

/** RFC 8785: JavaScript's own numbers and strings, with keys in the order of UTF-16. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(",")}}`;
}

const CONVERSIONS: Record<string, (text: string) => Json | undefined> = {
  string: (text) => text,
  boolean: (text) => (text === "true" || text === "false" ? text === "true" : undefined),
  integer: (text) => (/^[+-]?[0-9]{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  number: (text) => {
    const fits = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text) && Number.isFinite(Number(text));
    return fits ? Number(text) + 0 : undefined;
  },
};

/** A snapshot whose every line was checked; every number is a JavaScript number, so `floats` asks for nothing. */
export class Snapshot {
  private readonly lines = new Map<string, Line>();
  private readonly late = new Map<string, Rule>();

  constructor(data: Uint8Array, digest: string, environment: string, bot: string, private readonly sources: Sources) {
    const end = data.indexOf(10);
    need(end >= 0, "TruncatedError", "the first line does not end");
    need(sha256(data.subarray(0, end)) === digest, "TamperedError", "the first line has another digest");
    const header = parse<Header>(data.subarray(0, end), "FormatError");
    need(header.format === "deskc-snapshot/1", "FormatError", "this reader reads deskc-snapshot/1");
    const first = header.scopes[0];
    need(first !== undefined && first.coin === null, "FormatError", "the bot's own scope is not first");
    const arms = header.experiments.length > 0 || header.scopes.some((row) => row.arm !== null);
    need(!arms, "ExperimentsError", "this reader knows no arms");
    for (const rule of header.late) {
      need(Object.hasOwn(CONVERSIONS, rule.type), "FormatError", `the late type ${rule.type} is unknown`);
      this.late.set(rule.path, rule);
    }
    const size = header.scopes.reduce((sum, row) => sum + row.length + 1, end + 1);
    need(data.length >= size, "TruncatedError", "lines are missing");
    need(data.length === size, "TamperedError", "something follows the last line");
    need(header.environment === environment && header.bot === bot, "WrongTargetError", "it is another bot's");
    let start = end + 1;
    for (const row of header.scopes) {
      this.read(data.subarray(start, start + row.length + 1), row);
      start += row.length + 1;
    }
  }

  private read(ended: Uint8Array, row: Row): void {
    const line = ended.subarray(0, -1);
    need(sha256(line) === row.line_digest && ended.at(-1) === 10, "TamperedError", "a line has another digest");
    const found = parse<Line>(line, "FormatError");
    const ids = (["coin", "side", "arm", "config_version"] as const).every((id) => found[id] === row[id]);
    const key = JSON.stringify([row.coin, row.side]);
    need(ids && !this.lines.has(key), "FormatError", "a line is of another scope, or one is listed twice");
    const names = ["exchange", "ladder", "risk", "strategy", "trading"].filter((name) => name in found.params);
    const traded = Object.fromEntries(names.map((name) => [name, found.params[name] as Json]));
    need(sha256(canonical(traded)) === row.params_digest, "TamperedError", "a params digest is another");
    this.lines.set(key, found);
  }

  /** A scope's sections, bound; the bot's own has neither coin nor side. */
  scope(coin: Name, side: Name): Json {
    const found = this.lines.get(JSON.stringify([coin, side]));
    if (found === undefined) throw new Refused("UnknownScopeError", `there is no scope ${coin} ${side}`);
    const unbound: string[] = [];
    const sections = this.bound(found.params, "", unbound);
    if (unbound.length > 0) throw new Refused("UnboundError", `cannot be bound: ${unbound.join(", ")}`, unbound);
    return sections;
  }

  private bound(value: Json, path: string, unbound: string[]): Json {
    if (Array.isArray(value)) return value.map((one, index) => this.bound(one, `${path}[${index}]`, unbound));
    if (typeof value === "object" && value !== null) {
      const step = (key: string) => (/^[A-Za-z0-9_@$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
      const below = (key: string) => (path + step(key)).replace(/^\./, "");
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.bound(one, below(key), unbound)]));
    }
    const rule = this.late.get(path);
    if (typeof value !== "string" || rule === undefined) return value;
    const reference = /^\$\{([^{}]*)\}$/.exec(value)?.[1];
    if (reference === undefined) return value.replaceAll("$${", "${");
    const text = this.found(reference);
    const read = text === undefined ? undefined : CONVERSIONS[rule.type]?.(text);
    const within = typeof read !== "number" || (read >= (rule.minimum ?? read) && read <= (rule.maximum ?? read));
    if (read !== undefined && within && (rule.enum === null || rule.enum.includes(read))) return read;
    unbound.push(path);
    return null;
  }

  private found(reference: string): string | undefined {
    const own = (known: Record<string, string>, name: string) => (Object.hasOwn(known, name) ? known[name] : undefined);
    if (/^secret:./s.test(reference)) return own(this.sources.secrets, reference.slice("secret:".length));
    const match = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(reference);
    const text = match === null ? undefined : own(this.sources.env, match[1] as string);
    return match?.[2] === undefined ? text : text || match[2];
  }
}
