// Trades with the client that @hey-api/openapi-ts makes of the description; prints what it got, as JSON.
import { client } from "./generated/client.gen";
import {
  cancelBuyLimitOrder,
  getBalance,
  getTicker,
  listBalances,
  listBooks,
  listOpenOrders,
  placeBuyLimitOrder,
} from "./generated/sdk.gen";

declare const process: { argv: string[] };

async function main(url: string, token: string): Promise<void> {
  client.setConfig({ baseUrl: url, auth: () => `Token ${token}` });
  const books = await listBooks();
  const ticker = await getTicker({ query: { market: "btc-mxn" } });
  const placed = await placeBuyLimitOrder({ body: { market: "btc-mxn", amount: 0.01, price: 500000 } });
  const id = placed.data?.data.id ?? 0;
  const open = await listOpenOrders({ body: { market: "btc-mxn" } });
  const cancelled = await cancelBuyLimitOrder({ body: { id } });
  const refused = await placeBuyLimitOrder({ body: { market: "btc-mxn", amount: 100, price: 900000 } });
  const unknown = await getBalance({ query: { coin: "doge" } });
  const stranger = await listBalances({ auth: () => "Token nobody" });
  console.log(
    JSON.stringify({
      books: books.data?.data.map((book) => book.name),
      market: ticker.data?.data.market,
      side: placed.data?.data.side,
      isOpen: placed.data?.data.is_open,
      openIds: open.data?.data.map((order) => order.id === id),
      cancelled: cancelled.data?.data?.is_open,
      refused: [refused.response?.status, refused.error?.msg.code],
      unknown: [unknown.response?.status, unknown.error?.msg.code],
      stranger: [stranger.response?.status, stranger.error?.msg.code],
    }),
  );
}

const [, , url, token] = process.argv as [string, string, string, string];
void main(url, token);
