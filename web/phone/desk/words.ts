// What the numbers of a desk are called.

export const SUM_WORDS = {
  vehicles: "desk.sum_vehicles",
  people: "desk.sum_people",
  vehicles_back: "desk.sum_vehicles_back",
  people_back: "desk.sum_people_back",
  referred: "desk.sum_referred",
} as const;
