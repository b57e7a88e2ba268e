// The two pictures: candles of the last day, and the depth of the book. Only here are prices floats.

import {
  AreaSeries,
  CandlestickSeries,
  createChart,
  createOptionsChart,
  HistogramSeries,
  LineStyle,
  LineType,
} from "./vendor/lightweight-charts.js";

const STEPS = 240;
const SHOWN = 120;

// The logo would write a style sheet into the page; the footer says in words whose charts they are.
const LAYOUT = { attributionLogo: false };

/** Draw candles with volumes into an element; gives a function that shows a new list. */
export function candleChart(element) {
  const chart = createChart(element, {
    layout: LAYOUT,
    timeScale: { timeVisible: true, secondsVisible: false },
  });
  const candles = chart.addSeries(CandlestickSeries, {
    borderVisible: false,
    lastValueVisible: false,
    priceLineVisible: false,
  });
  const now = candles.createPriceLine({ price: 0, lineWidth: 1, lineStyle: LineStyle.Dotted });
  const volumes = chart.addSeries(HistogramSeries, {
    priceFormat: { type: "volume" },
    priceScaleId: "volume",
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volumes.priceScale().applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
  let colours = {};
  let shown;
  dress(chart, element, (found) => {
    colours = found;
    candles.applyOptions({
      upColor: found.up,
      downColor: found.down,
      wickUpColor: found.up,
      wickDownColor: found.down,
    });
  });
  return (list, interval, last, key) => {
    const filled = withoutGaps(list, interval);
    const format = { type: "price", ...precision(list.flatMap((candle) => candle.close)) };
    candles.applyOptions({ priceFormat: format });
    candles.setData(filled);
    volumes.setData(
      filled.map(({ time, volume, open, close }) => ({
        time,
        value: volume,
        color: `${close < open ? colours.down : colours.up}55`,
      })),
    );
    now.applyOptions({ price: Number(last), color: colours.line, lineVisible: last !== null });
    const range = { from: Math.max(0, filled.length - SHOWN), to: filled.length };
    if (key !== shown) chart.timeScale().setVisibleLogicalRange(range);
    shown = key;
  };
}

/** Draw the depth of a book into an element; gives a function that shows new levels. */
export function depthChart(element) {
  const chart = createOptionsChart(element, {
    layout: LAYOUT,
    rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.03 } },
  });
  const look = {
    lineType: LineType.WithSteps,
    lineWidth: 2,
    lastValueVisible: false,
    priceLineVisible: false,
    autoscaleInfoProvider: fromZero,
  };
  const bids = chart.addSeries(AreaSeries, look);
  const asks = chart.addSeries(AreaSeries, look);
  dress(chart, element, ({ up, down }) => {
    bids.applyOptions({ lineColor: up, topColor: `${up}66`, bottomColor: `${up}11` });
    asks.applyOptions({ lineColor: down, topColor: `${down}66`, bottomColor: `${down}11` });
  });
  return (levels) => {
    const prices = [...levels.bids, ...levels.asks].map((level) => Number(level.price));
    if (!prices.length) {
      for (const series of [bids, asks]) series.setData([]);
      return;
    }
    const low = Math.min(...prices);
    const step = (Math.max(...prices) - low) / STEPS || 1;
    const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
    chart.applyOptions({
      localization: { timeFormatter: (price) => significant.format(price) },
      timeScale: { tickMarkFormatter: (price) => significant.format(price) },
    });
    // The library spaces points evenly: an even grid of prices keeps the axis true.
    const grid = Array.from({ length: STEPS + 1 }, (_, index) => low + index * step);
    const curve = (side, reached) =>
      grid.map((price) => {
        const sum = side
          .filter((level) => reached(Number(level.price), price))
          .reduce((total, level) => total + Number(level.amount), 0);
        return sum ? { time: price, value: sum } : { time: price };
      });
    const slack = step / 1000;
    bids.setData(curve(levels.bids, (level, price) => level >= price - slack));
    asks.setData(curve(levels.asks, (level, price) => level <= price + slack));
    chart.timeScale().fitContent();
  };
}

function fromZero(usual) {
  const found = usual();
  return found && { ...found, priceRange: { ...found.priceRange, minValue: 0 } };
}

function withoutGaps(list, interval) {
  const filled = [];
  for (const candle of list) {
    const time = Date.parse(candle.time) / 1000;
    for (let last = filled.at(-1); last && last.time + interval < time; last = filled.at(-1)) {
      const { close } = last;
      filled.push({
        time: last.time + interval,
        open: close,
        high: close,
        low: close,
        close,
        volume: 0,
      });
    }
    const [open, high, low, close, volume] = ["open", "high", "low", "close", "volume"].map(
      (name) => Number(candle[name]),
    );
    filled.push({ time, open, high, low, close, volume });
  }
  return filled;
}

/** The decimals that prices need, 2 at the least. */
function precision(prices) {
  const needed = prices.map((price) => price.split(".")[1]?.replace(/0+$/, "").length ?? 0);
  const decimals = Math.max(2, ...needed);
  return { precision: decimals, minMove: 10 ** -decimals };
}

function dress(chart, element, more) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const style = getComputedStyle(element);
    const [text, line, up, down] = ["--quiet", "--line", "--up", "--down"].map((name) =>
      style.getPropertyValue(name).trim(),
    );
    chart.applyOptions({
      autoSize: true,
      layout: {
        background: { color: "transparent" },
        fontFamily: style.fontFamily,
        fontSize: 11,
        textColor: text,
      },
      grid: { horzLines: { color: line }, vertLines: { color: line } },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderVisible: false },
      handleScroll: { mouseWheel: false, vertTouchDrag: false },
      handleScale: { mouseWheel: false },
    });
    more({ up, down, line: text });
  };
  dark.addEventListener("change", apply);
  apply();
}
