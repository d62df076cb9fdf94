import { Counter, Gauge, type Registry } from 'prom-client';
import type { Listener } from '../engine/events';

/** What is asked whenever Prometheus reads the page. */
export interface OperationFacts {
  /** How often this process lost its hold on what it had under way. */
  readonly leaseLosses: () => number;
  /** Operations whose undo failed and is tried again, of all processes. */
  readonly undoPending: () => number;
}

export interface OperationMetrics {
  readonly listener: Listener;
  readonly watch: (facts: OperationFacts) => void;
}

/** Makes the metrics of operations under way in this process. */
export function createOperationMetrics(registry: Registry): OperationMetrics {
  const registers = [registry];
  /** Beginnings in wall milliseconds by operation. */
  const running = new Map<string, number>();
  /** Steps under way by operation. */
  const steps = new Map<string, number>();
  const addSteps = (id: string, more: number): void => void steps.set(id, (steps.get(id) ?? 0) + more);
  let facts: OperationFacts = { leaseLosses: () => 0, undoPending: () => 0 };
  let lossesTold = 0;

  new Gauge({
    name: 'mallard_plan_steps_running',
    help: 'Steps of plans under way now.',
    registers,
    collect() {
      this.set([...steps.values()].reduce((sum, count) => sum + count, 0));
    },
  });
  new Gauge({
    name: 'mallard_operations_running',
    help: 'Operations under way in this process now.',
    registers,
    collect() {
      this.set(running.size);
    },
  });
  new Gauge({
    name: 'mallard_operations_oldest_seconds',
    help: 'Age of the oldest operation under way in this process; 0 when there is none.',
    registers,
    collect() {
      const oldest = Math.min(...running.values());
      this.set(running.size === 0 ? 0 : Math.max(0, (Date.now() - oldest) / 1_000));
    },
  });
  const takenUp = new Counter({
    name: 'mallard_operations_taken_up_total',
    help: 'Operations that another process had begun, or this one before its restart, and that this one went on with.',
    registers,
  });
  const handedOver = new Counter({
    name: 'mallard_operations_handed_over_total',
    help: 'Operations that this process left to others: it was asked to stop, or lost its lease.',
    registers,
  });
  new Counter({
    name: 'mallard_lease_losses_total',
    help: 'Times that this process lost the lease on what it had under way.',
    registers,
    collect() {
      const losses = facts.leaseLosses();
      this.inc(losses - lossesTold);
      lossesTold = losses;
    },
  });
  new Gauge({
    name: 'mallard_undo_pending',
    help: 'Operations whose undo failed and is tried again by itself, of all processes that share the store.',
    registers,
    collect() {
      this.set(facts.undoPending());
    },
  });

  return {
    watch: (next) => void (facts = next),
    listener: (event) => {
      const { operationId } = event;
      switch (event.type) {
        case 'operation-started':
          running.set(operationId, event.at);
          if (event.recovery !== undefined) takenUp.inc();
          return;
        case 'step-started':
        case 'step-resumed':
          addSteps(operationId, 1);
          return;
        case 'step-succeeded':
        case 'step-failed':
          addSteps(operationId, -1);
          if (steps.get(operationId) === 0) steps.delete(operationId);
          return;
        case 'operation-handed-over':
          handedOver.inc();
          // What becomes of its steps is not told here any more.
          steps.delete(operationId);
          running.delete(operationId);
          return;
        case 'operation-ended':
          running.delete(operationId);
          return;
        default:
          return;
      }
    },
  };
}
