// A Modbus TCP meter written apart from the program it tests: answers functions 1 to 4 from a register image that
// starts at address 0, refuses what lies behind it with exception 2, and prints each request it was asked.
//
//     node modbus_meter.mjs PORT '{"holding": [1, 2], "input": [], "coil": [0, 1], "discrete": []}' [OPTIONS]
//
// OPTIONS: {"framing": "rtu"} for frames as on a serial line; {"tls": {"ca": …, "cert": …, "key": …}} for TLS with
// clients that have a certificate of that CA.
import fs from "node:fs";
import net from "node:net";
import tls from "node:tls";

const port = Number(process.argv[2]);
const image = JSON.parse(process.argv[3]);
const options = JSON.parse(process.argv[4] ?? "{}");
const TABLES = { 1: "coil", 2: "discrete", 3: "holding", 4: "input" };

function answer(pdu) {
  const code = pdu[0];
  const table = TABLES[code];
  if (!table) return Buffer.from([code | 0x80, 1]);
  const first = pdu.readUInt16BE(1);
  const count = pdu.readUInt16BE(3);
  console.log(`${table} ${first} ${count}`);
  const values = image[table].slice(first, first + count);
  if (values.length < count) return Buffer.from([code | 0x80, 2]);
  if (code > 2) {
    const body = Buffer.alloc(2 + 2 * count);
    body[0] = code;
    body[1] = 2 * count;
    values.forEach((value, place) => body.writeUInt16BE(value, 2 + 2 * place));
    return body;
  }
  const body = Buffer.alloc(2 + Math.ceil(count / 8));
  body[0] = code;
  body[1] = body.length - 2;
  values.forEach((value, place) => {
    if (value) body[2 + (place >> 3)] |= 1 << (place & 7);
  });
  return body;
}

function crc(bytes) {
  let register = 0xffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xa001 : register >> 1;
  }
  return Buffer.from([register & 0xff, register >> 8]);
}

function serveRtu(socket) {
  let heard = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    heard = Buffer.concat([heard, data]);
    // Requests of functions 1 to 4 take 8 bytes.
    for (; heard.length >= 8; heard = heard.subarray(8)) {
      const asked = heard.subarray(0, 8);
      if (!crc(asked.subarray(0, 6)).equals(asked.subarray(6))) continue;
      const said = Buffer.concat([asked.subarray(0, 1), answer(asked.subarray(1, 6))]);
      const frame = Buffer.concat([said, crc(said)]);
      socket.write(frame.subarray(0, 2));
      setTimeout(() => socket.write(frame.subarray(2)), 5);
    }
  });
}

function serve(socket) {
  let heard = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    heard = Buffer.concat([heard, data]);
    while (heard.length >= 7 && heard.length >= 6 + heard.readUInt16BE(4)) {
      const length = heard.readUInt16BE(4);
      const pdu = answer(heard.subarray(7, 6 + length));
      const head = Buffer.alloc(7);
      heard.copy(head, 0, 0, 2);
      head.writeUInt16BE(pdu.length + 1, 4);
      head[6] = heard[6];
      // In two pieces, as networks do.
      socket.write(head);
      setTimeout(() => socket.write(pdu), 5);
      heard = heard.subarray(6 + length);
    }
  });
}

function secured() {
  const read = Object.fromEntries(Object.entries(options.tls).map(([name, file]) => [name, fs.readFileSync(file)]));
  const made = tls.createServer({ ...read, requestCert: true, rejectUnauthorized: true }, serve);
  made.on("tlsClientError", () => {});
  return made;
}

const server = options.tls ? secured() : net.createServer(options.framing === "rtu" ? serveRtu : serve);
server.listen(port, "127.0.0.1", () => console.log("ready"));
