// What leads to a snapshot, and what an order carries of it.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { need, parse, Snapshot, type Sources } from "./reader.js";

type Pointer = { environment: string; bot: string; digest: string; commit: string | null; dirty?: boolean };

/** Read the snapshot that a folder's pointer names for a bot, and the commit that it names. */
export function openChannel(folder: string, environment: string, bot: string, sources: Sources): [Snapshot, string] {
  const place = join(folder, environment, bot);
  const pointer = join(place, "current.json");
  need(existsSync(pointer), "NotFoundError", "nothing is published for this bot");
  const said = parse<Pointer>(readFileSync(pointer), "ChannelError");
  need(/^[0-9a-f]{64}$/.test(said.digest), "ChannelError", "the pointer makes no sense");
  need(said.environment === environment && said.bot === bot, "WrongTargetError", "the pointer is another bot's");
  need(said.commit !== null && !said.dirty, "DirtyError", "it was compiled from uncommitted edits");
  const file = join(place, `${said.digest}.jsonl`);
  need(existsSync(file), "NotFoundError", "the snapshot is not there");
  return [new Snapshot(readFileSync(file), said.digest, environment, bot, sources), String(said.commit)];
}

/** What a client order id holds; `params_digest` is the first twelve digits of the whole one. */
export type OrderId = { params_digest: string; run: number; sequence: bigint };

const ALPHABETS: Record<string, string> = {
  "0x": "0123456789abcdef",
  dk: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
};

/** Read both spellings of a client order id. */
export function parseOrderId(text: string): OrderId {
  const alphabet = ALPHABETS[text.slice(0, 2)] ?? "";
  const written = alphabet.length === 16 ? text.slice(2).toLowerCase() : text.slice(2);
  const digits = [...written].map((letter) => alphabet.indexOf(letter));
  const length = alphabet.length === 16 ? 32 : 22;
  need(alphabet !== "" && digits.length === length && !digits.includes(-1), "OrderIdError", "no order id of deskc");
  const number = digits.reduce((sum, digit) => sum * BigInt(alphabet.length) + BigInt(digit), 0n);
  need(number >> 124n === 1n, "OrderIdError", "another version of order ids");
  const part = (from: bigint, bits: number): bigint => BigInt.asUintN(bits, number >> from);
  const digest = part(76n, 48).toString(16).padStart(12, "0");
  return { params_digest: digest, run: Number(part(56n, 20)), sequence: part(0n, 56) };
}
