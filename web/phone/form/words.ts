/** What a form's screen says, besides the form's own words. */
import type { Language } from "./types";

const WORDS = {
  colon: ["：", ": "],
  comma: ["、", ", "],
  back: ["返回", "Back"],
  save: ["保存", "Save"],
  saving: ["正在保存…", "Saving…"],
  opening: ["正在打开表格…", "Opening the form…"],
  broken: ["这张表格打不开。请告诉县里管表格的人，把下面的话念给他：", "This form cannot be opened. Tell whoever keeps the forms, and read them this:"],
  required: ["必填", "Required"],
  must: ["这一题没有填", "This has not been answered"],
  mustRow: ["至少要有一个", "There must be at least one"],
  wrong: ["填得不对，请再看看", "This cannot be right; please look again"],
  faults: ["还有 {n} 处要改，点一下就到：", "{n} to put right; tap to go there:"],
  all: ["填全部内容", "Fill in the whole form"],
  filled: ["保存时一并写上：", "Saved with it:"],
  opened: ["情况和“{lane}”不一样，请把全部内容看一遍再保存。", "This is not “{lane}”: please go through the whole form before saving."],
  change: ["改", "Change"],
  add: ["再加一个", "Add another"],
  addTo: ["{what}：再加一个", "{what}: add another"],
  remove: ["删除", "Remove"],
  sure: ["再点一次就删掉", "Tap again to remove"],
  row: ["第 {n} 个", "No. {n}"],
  complete: ["已填好", "Complete"],
  left: ["还差 {n} 项", "{n} left"],
  none: ["还没有", "None yet"],
  today: ["今天", "Today"],
  now: ["现在", "Now"],
  clear: ["清除", "Clear"],
  meant: ["是 {n} 吗？点一下改好", "Did you mean {n}? Tap to take it"],
  number: ["这里只能填数字", "This takes a number"],
  whole: ["这里只能填整数", "This takes a whole number"],
  less: ["减 {n}", "Less {n}"],
  more: ["加 {n}", "More {n}"],
  find: ["输几个字来找", "Type to find"],
  many: ["可以选几个", "Choose all that apply"],
  ok: ["我已看过，确认", "I have read this"],
  place: ["取当前位置", "Take the place where I am"],
  placing: ["正在定位… 精度 {n} 米，够了就点停", "Finding the place… within {n} m; tap to stop when good enough"],
  placingFirst: ["正在定位，请走到开阔处…", "Finding the place; step into the open…"],
  stop: ["就用这个", "Use this"],
  again: ["重新定位", "Take it again"],
  accuracy: ["精度 {n} 米", "within {n} m"],
  rough: ["位置不太准，走到开阔处重取更好", "Not very exact; better taken again in the open"],
  placeRefused: ["没有定位权限。请在手机设置里允许本应用使用位置信息。", "No leave to use the location. Allow it in the phone's settings."],
  placeFailed: ["定不了位。请走到开阔处再试一次。", "The place could not be found. Try again in the open."],
  photo: ["拍照", "Take a photo"],
  photoAgain: ["重拍", "Take it again"],
  photoFailed: ["这张照片读不出来，请重拍。", "This photo cannot be read; please take it again."],
  photoKept: ["照片已存在手机里", "The photo is kept on the phone"],
  shrinking: ["正在处理照片…", "Working on the photo…"],
  scan: ["扫码", "Scan"],
  scanNot: ["这台手机不能扫码，请照着码下面的字输入。", "This phone cannot scan; type what is printed under the code."],
  scanning: ["把码放在画面中间", "Hold the code in the middle"],
  scanRefused: ["打不开摄像头。请在手机设置里允许，或照着输入。", "The camera cannot be used. Allow it in the settings, or type the code."],
  cannot: ["这种题目手机上画不出来，请到电脑上填。", "The phone cannot draw this question; answer it on a computer."],
} satisfies Record<string, [string, string]>;

export type Say = (name: keyof typeof WORDS, filling?: Record<string, string | number>) => string;

/** Return a function that says things in the language, {names} filled in. */
export function speaker(language: Language): Say {
  const which = language === "en" ? 1 : 0;
  return (name, filling = {}) => WORDS[name][which]!.replace(/\{(\w+)\}/g, (_, key: string) => String(filling[key] ?? ""));
}
