// Counter mode: a rush counted by the minute. What is counted can always be sent: whoever is turned back was counted too.
import { minuteInChina } from "./cards";

export interface Minute {
  at: string;
  vehicles: number;
  people: number;
  vehicles_back: number;
  people_back: number;
}

export interface Counted {
  vehicles: number;
  people: number;
  back: boolean;
}

const MOST_VEHICLES = 500; // of a minute, as the kind says
const MOST_PEOPLE = 5000;

/** The minutes with one more tap; as they were if a minute can hold no more. */
export function count(minutes: Minute[], tap: Counted, now: Date): Minute[] {
  const at = minuteInChina(now);
  const known = minutes.find((one) => one.at === at);
  const one = known ?? { at, vehicles: 0, people: 0, vehicles_back: 0, people_back: 0 };
  const next: Minute = {
    at,
    vehicles: one.vehicles + tap.vehicles,
    people: one.people + tap.people,
    vehicles_back: one.vehicles_back + (tap.back ? tap.vehicles : 0),
    people_back: one.people_back + (tap.back ? tap.people : 0),
  };
  if (next.vehicles > MOST_VEHICLES || next.people > MOST_PEOPLE) return minutes;
  return known ? minutes.map((each) => (each === known ? next : each)) : [...minutes, next];
}

/** The minutes without a tap that was a slip; as they were if that minute does not hold it (any more). */
export function uncount(minutes: Minute[], tap: Counted, at: string): Minute[] {
  return minutes
    .map((one) => {
      const back = tap.back ? 1 : 0;
      const left: Minute = {
        at: one.at,
        vehicles: one.vehicles - tap.vehicles,
        people: one.people - tap.people,
        vehicles_back: one.vehicles_back - back * tap.vehicles,
        people_back: one.people_back - back * tap.people,
      };
      const holds = left.vehicles_back >= 0 && left.people_back >= 0 && left.vehicles >= left.vehicles_back && left.people >= left.people_back;
      return one.at === at && holds ? left : one;
    })
    .filter((one) => one.vehicles > 0 || one.people > 0);
}

export function total(minutes: Minute[]): Omit<Minute, "at"> {
  const sum = { vehicles: 0, people: 0, vehicles_back: 0, people_back: 0 };
  for (const one of minutes) {
    sum.vehicles += one.vehicles;
    sum.people += one.people;
    sum.vehicles_back += one.vehicles_back;
    sum.people_back += one.people_back;
  }
  return sum;
}

/** The body of a pass_tally, null if nothing was counted. */
export function tallyBody(minutes: Minute[]): { minutes: Minute[] } | null {
  const said = minutes.filter((one) => one.vehicles > 0 || one.people > 0);
  return said.length ? { minutes: said } : null;
}
