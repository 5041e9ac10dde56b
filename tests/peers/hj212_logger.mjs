// A data logger written apart from the program it tests: sends HJ 212 frames with a window, resends what is not
// acknowledged after the connection broke, and prints the QN of each acknowledgement once.
//
//     node hj212_logger.mjs PORT MN FRAMES WINDOW
import net from "node:net";

const [port, mn, frames, window] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const acknowledged = new Set();
let next = 0;
const waiting = new Map();

function checksum(text) {
  let register = 0xffff;
  for (const byte of Buffer.from(text)) {
    register = (register >> 8) ^ byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xa001 : register >> 1;
  }
  return register.toString(16).toUpperCase().padStart(4, "0");
}

function frame(number) {
  const at = new Date(Date.UTC(2024, 0, 1) + number * 1000).toISOString();
  const digits = at.replace(/\D/g, "").slice(0, 14);
  const qn = digits + "000";
  const text = `QN=${qn};ST=32;CN=2011;PW=123456;MN=${mn};Flag=5;CP=&&DataTime=${digits};w00000-Rtd=${number}.5,w00000-Flag=N&&`;
  const length = String(Buffer.byteLength(text)).padStart(4, "0");
  return [qn, `##${length}${text}${checksum(text)}\r\n`];
}

function connect() {
  const socket = net.connect(port, "127.0.0.1");
  let heard = "";
  const fill = () => {
    while (waiting.size < window && next < frames) {
      const [qn, bytes] = frame(next++);
      waiting.set(qn, bytes);
      socket.write(bytes);
    }
  };
  socket.on("connect", () => {
    for (const bytes of waiting.values()) socket.write(bytes);
    fill();
  });
  socket.on("data", (data) => {
    heard += data.toString("latin1");
    for (;;) {
      const end = heard.indexOf("\r\n");
      if (end < 0) break;
      const answer = heard.slice(0, end);
      heard = heard.slice(end + 2);
      const segment = answer.slice(6, -4);
      const [, qn] = /QN=(\d+);/.exec(segment);
      if (checksum(segment) !== answer.slice(-4) || !segment.includes("CN=9014")) throw new Error(`bad answer ${answer}`);
      if (!waiting.delete(qn)) continue;
      if (acknowledged.has(qn)) throw new Error(`acknowledged twice: ${qn}`);
      acknowledged.add(qn);
      console.log(qn);
    }
    if (acknowledged.size === frames) socket.end();
    else fill();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    if (acknowledged.size < frames) setTimeout(connect, 20);
  });
}

connect();
