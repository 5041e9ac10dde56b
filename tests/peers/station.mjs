// A measuring station written apart from the program it tests: sends timed reports of SL 651 (several on the way) or
// self-reports of SZY206 (one on the way), resends what is not confirmed after the connection broke, and prints the
// number of each report once it is confirmed.
//
//     node station.mjs sl651|szy206 PORT STATION REPORTS WINDOW
import net from "node:net";

const [protocol, port, station, reports, window] = [process.argv[2], ...process.argv.slice(3)].map((word, at) => ([1, 3, 4].includes(at) ? Number(word) : word));
const confirmed = new Set();
const waiting = new Map();
let next = 1;

const bcd = (number, digits) => Buffer.from(String(number).padStart(digits, "0"), "hex");
const at = (number) => new Date(Date.UTC(2024, 0, 1) + number * 60_000).toISOString().replace(/\D/g, "");

function crc16(bytes) {
  let register = 0xffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xa001 : register >> 1;
  }
  return Buffer.from([register >> 8, register & 0xff]);
}

function crc8(bytes) {
  let register = 0;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register & 0x80 ? ((register << 1) ^ 0xe5) & 0xff : (register << 1) & 0xff;
  }
  return register;
}

const sl651 = {
  // Timed report (32): water meter 1, volume of the hour with two decimals.
  frame(number) {
    const body = Buffer.concat([
      Buffer.from([number >> 8, number & 0xff]), Buffer.from(at(number).slice(2, 14), "hex"),
      Buffer.from(`f1f1${station}51`, "hex"), Buffer.from(`f0f0${at(number).slice(2, 12)}`, "hex"),
      Buffer.from([0x68, (5 << 3) | 2]), bcd(number * 100 + 25, 10),
    ]);
    const head = Buffer.from(`7e7e01${station}123432`, "hex");
    const all = Buffer.concat([head, Buffer.from([body.length >> 8, body.length & 0xff, 0x02]), body, Buffer.from([0x03])]);
    return Buffer.concat([all, crc16(all)]);
  },
  resent: (bytes) => bytes,
  size: () => 25,
  number(answer) {
    const right = answer.subarray(0, 14).toString("hex") === `7e7e${station}01123432800802` && answer[22] === 0x1b;
    if (!right || !crc16(answer.subarray(0, -2)).equals(answer.subarray(-2))) throw new Error(`bad confirmation ${answer.toString("hex")}`);
    return answer.readUInt16BE(14);
  },
};

const szy206 = {
  // Self-report of flow and total: days within the month that is now, so that the month need not be told.
  frame(number) {
    const now = new Date(Date.now() + 8 * 3_600_000 - number * 60_000).toISOString().replace(/\D/g, "");
    const low = (value, digits) => bcd(value, digits).reverse();
    const label = Buffer.from([now.slice(12, 14), now.slice(10, 12), now.slice(8, 10), now.slice(6, 8), "00"].join(""), "hex");
    const content = Buffer.concat([Buffer.from(`b3${station}c0`, "hex"), low(number, 10), low(number * 10, 10), Buffer.alloc(4), label]);
    return this.around(content);
  },
  around: (content) => Buffer.concat([Buffer.from([0x68, content.length, 0x68]), content, Buffer.from([crc8(content), 0x16])]),
  resent(bytes) {
    const content = Buffer.from(bytes.subarray(3, -2));
    if (content[0] & 0x30) content[0] -= 0x10;
    return this.around(content);
  },
  size: () => 13,
  number(answer) {
    const content = answer.subarray(3, -2);
    const right = content.toString("hex", 1) === `${station}c000` && !(content[0] & 0x80);
    if (!right || crc8(content) !== answer.at(-2)) throw new Error(`bad confirmation ${answer.toString("hex")}`);
    return waiting.keys().next().value;
  },
};

const spoken = { sl651, szy206 }[protocol];

function connect() {
  const socket = net.connect(port, "127.0.0.1");
  let heard = Buffer.alloc(0);
  const fill = () => {
    while (waiting.size < window && next <= reports) {
      const bytes = spoken.frame(next);
      waiting.set(next++, bytes);
      socket.write(bytes);
    }
  };
  socket.on("connect", () => {
    for (const [number, bytes] of waiting) {
      waiting.set(number, spoken.resent(bytes));
      socket.write(waiting.get(number));
    }
    fill();
  });
  socket.on("data", (data) => {
    heard = Buffer.concat([heard, data]);
    while (heard.length >= spoken.size()) {
      const number = spoken.number(heard.subarray(0, spoken.size()));
      heard = heard.subarray(spoken.size());
      if (!waiting.delete(number)) continue;
      if (confirmed.has(number)) throw new Error(`confirmed twice: ${number}`);
      confirmed.add(number);
      console.log(number);
    }
    if (confirmed.size === reports) socket.end();
    else fill();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (confirmed.size < reports) setTimeout(connect, 20);
  });
}

connect();
