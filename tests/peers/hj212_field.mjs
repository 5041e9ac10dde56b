// The field side of HJ 212, written apart from the program it tests: sends real-time data by its own clock, carries
// out what it is asked, and prints the data segment of every frame it receives but 9014.
//
//     node hj212_field.mjs PORT MN [name=value …]
//
// offset=S   its clock is S seconds ahead, until 1012 or 1015 sets it    every=MS  between real-time frames
// refuse=CN,CN  answered by QnRtn=2      silent=CN,CN  never answered    flag=N    bits of the version in Flag
// history=N  frames uploaded when asked for a period, DataTime from BeginTime on, one each minute; 0: ExeRtn=100
// wish=CN,CN asks for the time (1013) or a key (1014) after its first frame
// key=KEY    SM4 key of 16 characters: uploads are encrypted (ECB, zeros, hexadecimal), and so is what it is sent
// late=N     frames that it goes on to encrypt with the old key after it took a new one
// serial=S   tells its hardware (1001) first; with MN “-” it has none until 1002
// breaks=CN  closes the connection on this command, the first times=N times (1)
// again=1    connects anew whenever the connection is gone
import { createCipheriv, createDecipheriv } from "node:crypto";
import net from "node:net";

const port = Number(process.argv[2]);
let mn = process.argv[3] === "-" ? "" : process.argv[3];
const options = Object.fromEntries(process.argv.slice(4).map((each) => each.split("=")));
const [refused, unheard] = [options.refuse ?? "", options.silent ?? ""].map((each) => each.split(","));
const version = Number(options.flag ?? 4);
let offset = 1000 * Number(options.offset ?? 0);
let [key, oldKey, late, breaks] = [options.key, options.key, 0, Number(options.times ?? 1)];
const encrypted = (command) => key && (/^(2|1014|3020)/.test(command));

function sealed(text) {
  const plain = Buffer.from(text);
  const cipher = createCipheriv("sm4-ecb", Buffer.from(late-- > 0 ? oldKey : key), null).setAutoPadding(false);
  const padded = Buffer.concat([plain, Buffer.alloc((16 - (plain.length % 16)) % 16)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString("hex").toUpperCase();
}

function opened(text) {
  const cipher = createDecipheriv("sm4-ecb", Buffer.from(key), null).setAutoPadding(false);
  const plain = Buffer.concat([cipher.update(Buffer.from(text, "hex")), cipher.final()]);
  return plain.toString().replace(/\0+$/, "");
}

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

let socket;
function send(qn, system, command, flag, plain) {
  const content = plain && encrypted(command) ? sealed(plain) : plain;
  const text = `QN=${qn};ST=${system};CN=${command};PW=123456;MN=${mn};Flag=${flag};CP=&&${content}&&`;
  socket.write(`##${String(Buffer.byteLength(text)).padStart(4, "0")}${text}${checksum(text)}\r\n`);
}

function upload(command, begin, end, count) {
  for (let at = begin, sent = 0; at <= end && sent < count; at += 60_000, sent++) {
    send(number(), 32, command, version | 1, `DataTime=${digits(at, 14)};w01018-Avg=${sent}.5,w01018-Flag=N`);
  }
}

const said = { 3015: "VaseNo=3", 3017: "CstartTime=000000;CTime=2", 3018: "Stime=30", 3019: "w01018-SN=0123456789ABCDEF01234567" };
said[3020] = "i12001-Info=1";

function perform(command, content, qn) {
  const value = (name) => new RegExp(`${name}=([0-9A-Za-z]+)`).exec(content)?.[1];
  if (command === "1002") [mn, options.serial] = [named, ""];
  if (command === "1014" && key) [oldKey, key, late] = [key, value("NewSK"), Number(options.late ?? 0)];
  if (said[command]) {
    const told = `DataTime=${digits(Date.now() + offset, 14)};${said[command]}`;
    send(command === "3020" ? number() : qn, 32, command, version, told);
  }
  if (command === "3024") {
    const at = digits(Date.now() + offset, 14);
    send(number(), 32, "2062", version | 1, `DataTime=${at};w01018-SampleRd=50.1,w01018-StandardValue=50,w01018-ResultType=1`);
    send(number(), 32, "2013", version | 1, `DataTime=${at};w01018-SampleTime=${at},w01018-SampleType=1,w01018-Avg=49.5,w01018-Flag=N`);
  }
  if (command === "1012" || command === "1015") {
    offset = instant(value("SystemTime")) - Date.now();
    last = 0;
  }
  const begin = value("BeginTime");
  if (!begin) return 1;
  upload(command, instant(begin), instant(value("EndTime")), Number(options.history ?? 0));
  return Number(options.history ?? 0) ? 1 : 100;
}

let named;
function hear(segment) {
  let [, qn, command, content] = /QN=(\d+);.*CN=(\d+);.*CP=&&(.*)&&/.exec(segment);
  if (command === "9014") return;
  named = /MN=([^;]*)/.exec(segment)[1];
  if (encrypted(command) && content && !content.includes("=")) {
    segment = segment.replace(content, (content = opened(content))) + " (sealed)";
  }
  console.log(segment);
  if (command === options.breaks && breaks-- > 0) return socket.destroy();
  if (command.startsWith("90") || unheard.includes(command)) return;
  send(qn, 91, "9011", version, `QnRtn=${refused.includes(command) ? 2 : 1}`);
  if (!refused.includes(command)) send(qn, 91, "9012", version, `ExeRtn=${perform(command, content, qn)}`);
}

let heard = "";
function take(data) {
  heard += data.toString("latin1");
  for (let end; (end = heard.indexOf("\r\n")) >= 0; heard = heard.slice(end + 2)) {
    const segment = heard.slice(6, end - 4);
    if (checksum(segment) !== heard.slice(end - 4, end)) throw new Error(`bad frame ${segment}`);
    hear(segment);
  }
}

function tell() {
  if (socket.destroyed) return;
  if (options.serial) {
    send(number(), 32, "1001", version | 1, `i23005-Info=${options.serial};i23006-Info=CPU1;i23007-Info=M1;i23008-Info=M2`);
  }
  if (!mn) return;
  const qn = number();
  send(qn, 32, "2011", version | 1, `DataTime=${qn.slice(0, 14)};w01018-Rtd=2.2,w01018-Flag=N`);
}

function connect() {
  socket = net.connect(port, "127.0.0.1");
  socket.on("data", take);
  socket.on("error", () => {});
  socket.on("connect", () => {
    heard = "";
    tell();
    for (const wish of (options.wish ?? "").split(",").filter(Boolean)) {
      const content = wish === "1014" ? `SKCreateTime=${number()}` : "";
      send(number(), 32, wish, version | 1, content);
    }
  });
  if (options.again) socket.on("close", () => setTimeout(connect, 100));
}
connect();
setInterval(tell, Number(options.every ?? 250));
