// Asks the reader what the vectors ask, and prints a line for each: node run.js tests/vectors/manifest.json
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv, exit, stdout } from "node:process";

import { openChannel, parseOrderId } from "./channel.js";
import { type Json, Refused, sha256, Snapshot, type Sources } from "./reader.js";

type Question = { coin: string | null; side: string | null; path: (string | number)[]; value: Json };
type Vector = Sources & {
  name: string; kind: string; file: string; folder: string; digest: string; environment: string; bot: string;
  ask?: Question[]; commit: string; text: string; sha256: string; error?: string; settings?: string[];
  params_digest: string; run: number; sequence: string;
};

const manifest = argv[2] ?? "tests/vectors/manifest.json";
const folder = dirname(manifest);

function same(found: unknown, wanted: unknown): void {
  if (!Object.is(found, wanted)) throw new Error(`${String(found)}, not ${String(wanted)}`);
}

function open(vector: Vector): Snapshot {
  const { environment, bot, digest } = vector;
  const sources = { env: vector.env ?? {}, secrets: vector.secrets ?? {} };
  if (vector.kind === "snapshot") {
    return new Snapshot(readFileSync(join(folder, vector.file)), digest, environment, bot, sources);
  }
  const [snapshot, commit] = openChannel(join(folder, vector.folder), environment, bot, sources);
  same(commit, vector.commit);
  return snapshot;
}

function ask(vector: Vector): void {
  if (vector.kind === "digest") return same(sha256(vector.text), vector.sha256);
  if (vector.kind === "order_id") {
    const id = parseOrderId(vector.text);
    same(id.params_digest, vector.params_digest);
    same(id.run, vector.run);
    return same(String(id.sequence), vector.sequence);
  }
  const snapshot = open(vector);
  for (const { coin, side, path, value } of vector.ask ?? []) {
    same(path.reduce<Json>((inside, step) => (inside as Record<string, Json>)[step] as Json, snapshot.scope(coin, side)), value);
  }
}

function answer(vector: Vector): string {
  try {
    ask(vector);
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused("a bug", String(error));
    const named = JSON.stringify(vector.settings ?? []) === JSON.stringify(refused.settings);
    return refused.name === vector.error && named ? "" : `${refused.name}: ${refused.message}`;
  }
  return vector.error === undefined ? "" : `it was read, and ${vector.error} was expected`;
}

let failed = 0;
for (const vector of (JSON.parse(readFileSync(manifest, "utf-8")) as { vectors: Vector[] }).vectors) {
  const said = answer(vector);
  failed += said === "" ? 0 : 1;
  stdout.write(`${said === "" ? "ok" : "FAILED"} ${vector.kind} ${vector.name} ${said || (vector.error ?? "")}\n`);
}
exit(failed > 0 ? 1 : 0);
