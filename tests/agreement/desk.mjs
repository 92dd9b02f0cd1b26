// What the desk makes of vehicles and rushes: the phone's own code (web/phone/desk), without a screen.
//
// Reads JSON from the file named first: {desk, vehicles: [{vehicle, cards}], taps: [[{at, vehicles, people, back, undo}]],
// plates: [text]}. Writes JSON to the file named second: of every vehicle what is proposed, and for every decision what is
// lacking or the body; the bodies of the rushes; how every plate is read; the form of a referral for every pass.
import { readFileSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const ours = new URL("../../web/phone/desk/", import.meta.url);
registerHooks({
  resolve(specifier, context, next) {
    const bare = specifier.startsWith(".") && context.parentURL?.startsWith(ours.href) && !/\.\w+$/.test(specifier);
    return next(bare ? `${specifier}.ts` : specifier, context); // as Vite finds them
  },
});
const { lacking, passBody, propose, referralFrom } = await import(new URL("pass.ts", ours));
const { count, tallyBody, uncount } = await import(new URL("tally.ts", ours));
const { readPlate } = await import(new URL("plates.ts", ours));
const { minuteInChina } = await import(new URL("cards.ts", ours));

const { desk, vehicles, taps, plates } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const OUTCOMES = ["pass", "turn_back", "hold", "refer", "hand_over"];

function passes({ vehicle, cards, why }) {
  const { outcome, row } = propose(desk.table, vehicle);
  const made = OUTCOMES.map((decision) => {
    const lack = lacking(desk, vehicle, decision, why);
    return lack ? { decision, lacking: lack.name } : { decision, body: passBody(desk, vehicle, decision, why, cards) };
  });
  const body = made.find((one) => one.body)?.body;
  const id = "00000000-0000-7000-8000-000000000001";
  return { outcome, row: row?.name ?? "", made, referral: body ? referralFrom(id, body, desk.fever_c, 37.5) : null };
}

function rush(all) {
  let minutes = [];
  for (const { at, undo, ...tap } of all) {
    minutes = undo ? uncount(minutes, tap, minuteInChina(new Date(at))) : count(minutes, tap, new Date(at));
  }
  return tallyBody(minutes);
}

writeFileSync(process.argv[3], JSON.stringify({ vehicles: vehicles.map(passes), taps: taps.map(rush), plates: plates.map(readPlate) }));
