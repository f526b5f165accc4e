const GROUPS = 8;
/** Of the 64 bits that a client's provider gives to it; the others it makes up as it likes. */
const GROUPS_OF_NETWORK = 4;

/** What stands for one client: its IPv4 address, or the /64 that its IPv6 address is in. */
export function clientNetwork(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, GROUPS_OF_NETWORK).join(':');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
