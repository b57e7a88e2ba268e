// Says of a part of the description what its x-provenance lacks. A bare reference has none: its component has.
const NEEDED = { documented: ["lines"], corrected: ["lines", "rulings"], inferred: ["rulings"] };
const WRITE = 'write x-provenance: {status: documented, lines: ["27-29"]}, or corrected or inferred with rulings: [R0…]';

export default (part, _options, context) => {
  const keys = Object.keys(part);
  if (keys.length === 1 && keys[0] === "$ref") return [];
  const provenance = part["x-provenance"];
  if (!provenance) return [{ message: `does not say where it comes from: ${WRITE}` }];
  const path = [...context.path, "x-provenance"];
  const needed = NEEDED[provenance.status];
  if (!needed) return [{ message: `x-provenance: its status is ${provenance.status}; write documented, corrected or inferred`, path }];
  const missing = needed.filter((key) => !provenance[key]?.length);
  if (missing.length) return [{ message: `is ${provenance.status}, so its x-provenance needs ${missing.join(" and ")}`, path }];
  const rulings = context.document.data["x-rulings"] ?? {};
  return (provenance.rulings ?? [])
    .filter((name) => !rulings[name])
    .map((name) => ({ message: `rests on ${name}, which is not in x-rulings: add the ruling, or name another`, path }));
};
