// What of AWS's service models touches this project, as a small digest, and what has changed between two of them.

/** All operations by name, and whatever hangs on the called ones: their errors, the members of every structure, the values of every enum. */
export function digestOfService(model, operations) {
  const wanted = new Set(operations);
  const digest = { operations: { all: Object.keys(model.operations).sort() }, errors: {}, structures: {}, enums: {} };
  for (const [name, operation] of Object.entries(model.operations)) {
    if (!wanted.has(name.replace(/\d{4}_\d\d_\d\d$/, ''))) continue;
    digest.errors[name] = (operation.errors ?? []).map(({ shape }) => model.shapes[shape]?.error?.code ?? shape).sort();
    for (const { shape } of [operation.input, operation.output].filter((one) => one !== undefined))
      collect(model.shapes, shape, digest);
  }
  return digest;
}

function collect(shapes, name, digest) {
  const { type, members, required = [], member, key, value, enum: values } = shapes[name];
  if (values !== undefined) digest.enums[name] = [...values].sort();
  if (type === 'list') return collect(shapes, member.shape, digest);
  if (type === 'map') return [key, value].forEach((each) => collect(shapes, each.shape, digest));
  if (type !== 'structure' || name in digest.structures) return;
  digest.structures[name] = Object.keys(members)
    .map((each) => (required.includes(each) ? `${each}!` : each))
    .sort();
  for (const { shape } of Object.values(members)) collect(shapes, shape, digest);
}

/** Partitions with their regions; `…-global` is no place. */
export const digestOfPartitions = ({ partitions }) =>
  Object.fromEntries(
    partitions.map(({ id, regions }) => [
      id,
      Object.keys(regions)
        .filter((region) => !region.endsWith('-global'))
        .sort(),
    ]),
  );

const TITLES = { operations: 'operation of', errors: 'error of', structures: 'member of', enums: 'value of' };

/** Tells, a line each, what is new and what is gone; a member with `!` is required. */
export function differences(before, after) {
  const lines = [];
  const compare = (title, was = [], is = []) => {
    for (const one of is) if (!was.includes(one)) lines.push(`new ${title}: ${one}`);
    for (const one of was) if (!is.includes(one)) lines.push(`gone ${title}: ${one}`);
  };
  for (const service of keysOf(before.services, after.services)) {
    for (const [kind, title] of Object.entries(TITLES)) {
      const [was, is] = [before, after].map(({ services }) => services[service]?.[kind] ?? {});
      for (const name of keysOf(was, is)) compare(`${title} ${service} ${name}`, was[name], is[name]);
    }
  }
  for (const partition of keysOf(before.partitions, after.partitions))
    compare(`region of partition ${partition}`, before.partitions[partition], after.partitions[partition]);
  return lines;
}

const keysOf = (...objects) => [...new Set(objects.flatMap((one) => Object.keys(one)))].sort();
