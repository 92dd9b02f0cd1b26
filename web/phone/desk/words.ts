// What the numbers of a desk are called, and what a clinic may answer.

export const SUM_WORDS = {
  vehicles: "desk.sum_vehicles",
  people: "desk.sum_people",
  vehicles_back: "desk.sum_vehicles_back",
  people_back: "desk.sum_people_back",
  referred: "desk.sum_referred",
} as const;

export const RESULT_WORDS = {
  excluded: "desk.result.excluded",
  observed: "desk.result.observed",
  suspected: "desk.result.suspected",
  confirmed: "desk.result.confirmed",
  did_not_arrive: "desk.result.did_not_arrive",
} as const;
