// A regulator's platform written apart from the program it tests: takes HJ 212 frames, acknowledges them with 9014,
// and counts order, doubles and how many stood open at once. Misbehaves when asked.
//
//     node hj212_regulator.mjs PORT [key=value …]
//
//     tell=1        print every data frame and every answer to a request
//     until=N       print {"reached": N} when N different frames are there
//     silent=1      never answer              silent_until=N  answer nothing before the Nth frame
//     delay=MS      answer so much later      lose=N          keep every Nth first answer back
//     drop=N        break the connection at random, once in N frames on average
//     refuse=TEXT   answer frames that hold TEXT with 9014 and QnRtn=9, with refusal=9011 by that command instead
//     result=1      put QnRtn=1 into every 9014
//     ask=CN,CN     send these requests for mn=MN after the first frame
//
// Prints {"port": …} first, and a summary when it is ended.
import net from "node:net";

const given = Object.fromEntries(process.argv.slice(3).map((word) => [word.split("=", 1)[0], word.slice(word.indexOf("=") + 1)]));
const number = (name) => Number(given[name] ?? 0);
const [silent, silentUntil, delay, lose, drop, until] = ["silent", "silent_until", "delay", "lose", "drop", "until"].map(number);
const seen = new Map();
const count = { frames: 0, doubles: 0, disorder: 0, open: 0, most_open: 0, connections: 0, rf: 0, bad: 0, dropped: 0 };
let asked = false;
let random = 20240101;

const table = Array.from({ length: 256 }, (_, x) => {
  for (let bit = 0; bit < 8; bit++) x = x & 1 ? (x >> 1) ^ 0xa001 : x >> 1;
  return x;
});

function checksum(bytes) {
  let register = 0xffff;
  for (const byte of bytes) register = table[(register >> 8) ^ byte];
  return register.toString(16).toUpperCase().padStart(4, "0");
}

function framed(text) {
  const bytes = Buffer.from(text);
  return `##${String(bytes.length).padStart(4, "0")}${text}${checksum(bytes)}\r\n`;
}

function chance(one_in) {
  random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
  return (random >>> 8) % one_in === 0;
}

const say = (what) => process.stdout.write(JSON.stringify(what) + "\n");

function take(socket, segment) {
  const text = segment.toString();
  const field = (name) => new RegExp(`(?:^|;)${name}=([^;]*)`).exec(text)?.[1] ?? "";
  const [qn, mn, cn] = ["QN", "MN", "CN"].map(field);
  if (cn.startsWith("90")) return say({ answer: text });
  if (given.tell) say({ frame: text });
  const device = seen.get(mn) ?? { numbers: new Set(), last: 0 };
  seen.set(mn, device);
  const place = Number(qn.slice(2));
  const first = !device.numbers.has(place);
  count.rf += text.includes(";RF=1;");
  if (first) {
    count.frames++;
    count.disorder += place < device.last;
    device.numbers.add(place);
    device.last = Math.max(device.last, place);
  } else count.doubles++;
  if (given.ask && !asked) {
    asked = true;
    const content = { 1000: "OverTime=2;ReCount=5", 1062: "RtdInterval=30", 1012: "SystemTime=20240101000000" };
    for (const code of given.ask.split(","))
      socket.write(framed(`QN=20990101000000${code.slice(1)};ST=32;CN=${code};PW=123456;MN=${given.mn};Flag=5;CP=&&${content[code] ?? ""}&&`));
  }
  if (drop && chance(drop)) {
    count.dropped++;
    return socket.destroy();
  }
  if (until && first && count.frames === until) say({ reached: until });
  if (silent || count.frames + count.doubles < silentUntil) return;
  if (lose && first && count.frames % lose === 0) return;
  const refused = given.refuse && text.includes(given.refuse);
  const [code, result] = refused ? [given.refusal ?? "9014", "QnRtn=9"] : ["9014", given.result ? "QnRtn=1" : ""];
  const answer = framed(`QN=${qn};ST=91;CN=${code};PW=123456;MN=${mn};Flag=4;CP=&&${result}&&`);
  if (!delay) return answer;
  count.most_open = Math.max(count.most_open, ++count.open);
  setTimeout(() => {
    count.open--;
    if (!socket.destroyed) socket.write(answer);
  }, delay);
}

const server = net.createServer((socket) => {
  count.connections++;
  let kept = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (data) => {
    kept = kept.length ? Buffer.concat([kept, data]) : data;
    let at = 0;
    const answers = [];
    while (kept.length - at >= 12) {
      const size = Number(kept.toString("latin1", at + 2, at + 6));
      const end = at + 6 + size;
      if (kept.length < end + 6) break;
      const segment = kept.subarray(at + 6, end);
      const good = kept.toString("latin1", at, at + 2) === "##" && kept.toString("latin1", end, end + 4) === checksum(segment);
      if (!good || kept.toString("latin1", end + 4, end + 6) !== "\r\n") {
        count.bad++;
        say({ bad: kept.toString("latin1", at, end + 6) });
        return socket.destroy();
      }
      const answer = take(socket, segment);
      if (answer) answers.push(answer);
      if (socket.destroyed) return;
      at = end + 6;
    }
    kept = kept.subarray(at);
    if (answers.length) socket.write(answers.join(""));
  });
});

process.on("SIGTERM", () => {
  const devices = Object.fromEntries([...seen].map(([mn, { numbers }]) => [mn, numbers.size]));
  process.stdout.write(JSON.stringify({ ...count, devices }) + "\n", () => process.exit(0));
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => say({ port: server.address().port }));
