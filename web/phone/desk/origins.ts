// Where people come from: the provinces by their plates and codes, and the cities that decision tables have named.

export interface Origin {
  code: string;
  name: string;
}

/** Province codes (GB/T 2260) by the character on a plate. */
export const BY_PLATE: Record<string, Origin> = Object.fromEntries(
  (
    "京11北京 津12天津 冀13河北 晋14山西 蒙15内蒙古 辽21辽宁 吉22吉林 黑23黑龙江 沪31上海 苏32江苏 浙33浙江 皖34安徽 闽35福建 赣36江西 鲁37山东 " +
    "豫41河南 鄂42湖北 湘43湖南 粤44广东 桂45广西 琼46海南 渝50重庆 川51四川 贵52贵州 云53云南 藏54西藏 陕61陕西 甘62甘肃 青63青海 宁64宁夏 新65新疆"
  )
    .split(" ")
    .map((each) => [each[0]!, { code: each.slice(1, 3), name: each.slice(3) }]),
);

export const PROVINCES: Origin[] = Object.values(BY_PLATE);

const CITIES: Record<string, string> = {
  "1101": "北京市区", "2301": "哈尔滨", "3101": "上海市区", "3201": "南京", "3301": "杭州", "3302": "宁波", "3303": "温州",
  "3310": "台州", "3411": "滁州", "3412": "阜阳", "3601": "南昌", "4101": "郑州", "4115": "信阳", "4201": "武汉", "4202": "黄石",
  "4203": "十堰", "4205": "宜昌", "4206": "襄阳", "4207": "鄂州", "4208": "荆门", "4209": "孝感", "4210": "荆州", "4211": "黄冈",
  "4212": "咸宁", "4213": "随州", "4228": "恩施", "4301": "长沙", "4401": "广州", "4403": "深圳", "5001": "重庆市区", "5101": "成都",
  "5306": "昭通", "6101": "西安", "6109": "安康", "6211": "定西",
};

/** Places finer than a province that the table treats by themselves, and known cities of the province. */
export function citiesOf(province: string, regions: Record<string, string>): Origin[] {
  const codes = new Set([...Object.keys(CITIES), ...Object.keys(regions)].filter((code) => code.length > 2 && code.startsWith(province)));
  return [...codes].sort().map((code) => ({ code, name: CITIES[code] ?? code }));
}

/** The place a plate was registered at, to be offered: where it comes from today must be asked. */
export function originOf(plate: string): Origin | undefined {
  return BY_PLATE[plate.slice(0, 1)];
}
