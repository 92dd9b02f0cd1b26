// Draws every element that has data-treemap. Its data stands in the page, in the JSON block whose id the attribute
// names, or behind the address in data-url. The table beside the picture has every number and every link; without
// this script the page has lost nothing but the picture.
//
//   <div class="treemap" data-treemap="board-data"></div>
//   {{ board|json_script:"board-data" }}

import { type Board, readBoard, summary } from "./board";
import { bars, echarts, target, treemap } from "./chart";

const NARROW = 340; // CSS pixels

async function load(host: HTMLElement): Promise<Board> {
  const { treemap: id, url } = host.dataset;
  if (url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return readBoard(await answer.json());
  }
  const block = document.getElementById(id ?? "");
  if (!block) throw new Error(`there is no data block with the id ${id}`);
  return readBoard(JSON.parse(block.textContent ?? ""));
}

async function draw(host: HTMLElement): Promise<void> {
  if (host.dataset["drawn"]) return;
  host.dataset["drawn"] = "yes";
  const board = await load(host);
  const owing = board.areas.filter((area) => area.owed > 0).length;
  host.hidden = owing === 0;
  if (owing === 0) return;
  host.setAttribute("role", "img");
  host.setAttribute("aria-label", summary(board));
  const narrow = (): boolean => host.clientWidth < NARROW;
  if (host.clientHeight === 0) host.style.height = narrow() ? `${40 + 34 * board.areas.length}px` : "420px";
  const chart = echarts.init(host, null, { renderer: "svg" });
  const show = (): void => chart.setOption(narrow() ? bars(board) : treemap(board), { notMerge: true });
  show();
  chart.on("click", (event) => {
    const href = target(event as { data?: unknown });
    if (href) location.assign(href);
  });
  let was = narrow();
  new ResizeObserver(() => {
    chart.resize();
    if (was !== narrow()) {
      was = narrow();
      show();
    }
  }).observe(host);
}

function drawAll(root: ParentNode): void {
  for (const host of root.querySelectorAll<HTMLElement>("[data-treemap]")) {
    draw(host).catch((fault: unknown) => {
      host.hidden = true; // the table is the truth; an empty box would only ask to be explained
      console.error("treemap:", fault);
    });
  }
}

drawAll(document);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target instanceof Element) drawAll(event.target.parentElement ?? document);
});
