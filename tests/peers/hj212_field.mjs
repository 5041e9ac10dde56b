// The field side of HJ 212, written apart from the program it tests: sends real-time data by its own clock, carries
// out what it is asked, and prints the data segment of every frame it receives but 9014.
//
//     node hj212_field.mjs PORT MN [name=value …]
//
// offset=S   its clock is S seconds ahead, until 1012 or 1015 sets it    every=MS  between real-time frames
// refuse=CN,CN  answered by QnRtn=2      silent=CN,CN  never answered    flag=N    bits of the version in Flag
// history=N  frames uploaded when asked for a period, DataTime from BeginTime on, one each minute; 0: ExeRtn=100
// wish=1     asks for the time (1013) after its first frame
import net from "node:net";

const [port, mn] = [Number(process.argv[2]), process.argv[3]];
const options = Object.fromEntries(process.argv.slice(4).map((each) => each.split("=")));
const [refused, unheard] = [options.refuse ?? "", options.silent ?? ""].map((each) => each.split(","));
const version = Number(options.flag ?? 4);
let offset = 1000 * Number(options.offset ?? 0);

function checksum(text) {
  let register = 0xffff;
  for (const byte of Buffer.from(text)) {
    register = (register >> 8) ^ byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xa001 : register >> 1;
  }
  return register.toString(16).toUpperCase().padStart(4, "0");
}

const digits = (ms, count) => new Date(ms + 8 * 3600e3).toISOString().replace(/\D/g, "").slice(0, count);
const instant = (told) =>
  Date.parse(told.replace(/(....)(..)(..)(..)(..)(..).*/, "$1-$2-$3T$4:$5:$6+08:00"));
let last = 0;
function number() {
  last = Math.max(Date.now() + offset, last + 1);
  return digits(last, 17);
}

const socket = net.connect(port, "127.0.0.1");
function send(qn, system, command, flag, content) {
  const text = `QN=${qn};ST=${system};CN=${command};PW=123456;MN=${mn};Flag=${flag};CP=&&${content}&&`;
  socket.write(`##${String(Buffer.byteLength(text)).padStart(4, "0")}${text}${checksum(text)}\r\n`);
}

function upload(command, begin, end, count) {
  for (let at = begin, sent = 0; at <= end && sent < count; at += 60_000, sent++) {
    send(number(), 32, command, version | 1, `DataTime=${digits(at, 14)};w01018-Avg=${sent}.5,w01018-Flag=N`);
  }
}

function perform(command, content) {
  const value = (name) => new RegExp(`${name}=(\\d+)`).exec(content)?.[1];
  if (command === "1012" || command === "1015") {
    offset = instant(value("SystemTime")) - Date.now();
    last = 0;
  }
  const begin = value("BeginTime");
  if (!begin) return 1;
  upload(command, instant(begin), instant(value("EndTime")), Number(options.history ?? 0));
  return Number(options.history ?? 0) ? 1 : 100;
}

function hear(segment) {
  const [, qn, command, content] = /QN=(\d+);.*CN=(\d+);.*CP=&&(.*)&&/.exec(segment);
  if (command === "9014") return;
  console.log(segment);
  if (command.startsWith("90") || unheard.includes(command)) return;
  send(qn, 91, "9011", version, `QnRtn=${refused.includes(command) ? 2 : 1}`);
  if (!refused.includes(command)) send(qn, 91, "9012", version, `ExeRtn=${perform(command, content)}`);
}

let heard = "";
socket.on("data", (data) => {
  heard += data.toString("latin1");
  for (let end; (end = heard.indexOf("\r\n")) >= 0; heard = heard.slice(end + 2)) {
    const segment = heard.slice(6, end - 4);
    if (checksum(segment) !== heard.slice(end - 4, end)) throw new Error(`bad frame ${segment}`);
    hear(segment);
  }
});
socket.on("error", () => {});
socket.on("connect", () => {
  const tell = () => {
    const qn = number();
    send(qn, 32, "2011", version | 1, `DataTime=${qn.slice(0, 14)};w01018-Rtd=2.2,w01018-Flag=N`);
  };
  tell();
  if (options.wish) send(number(), 32, "1013", version | 1, "");
  setInterval(tell, Number(options.every ?? 250));
});
