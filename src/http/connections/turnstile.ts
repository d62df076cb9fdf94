/**
 * Does what it is given in the order of coming, `atOnce` of it in one turn of the event loop: whoever has much to do waits
 * for itself, and whatever else happens in the process does not wait for it.
 */
export function createTurnstile(atOnce: number): (work: () => void) => void {
  const due: (() => void)[] = [];
  let isTurning = false;
  const turn = (): void => {
    for (const work of due.splice(0, atOnce)) work();
    isTurning = due.length > 0;
    if (isTurning) setImmediate(turn);
  };
  return (work) => {
    due.push(work);
    if (isTurning) return;
    isTurning = true;
    setImmediate(turn);
  };
}
