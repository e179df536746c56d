import type { Arena } from '../backend/arena.ts';
import type { Pointer } from '../backend/kernels.ts';
import type { Floats, PopulationState } from './populationState.ts';
import type { Recording } from './recording.ts';
import { SpikeLog } from './spikeLog.ts';
import type { WidthKernels } from './widthKernels.ts';

/** How small a value may become before it is lifted (membranes) or set to zero (the rest): far above where floats lose digits. */
const TINY = { f32: 1e-20, f64: 1e-200 };

/** A population in linear memory, for the time of a run. */
export class RunningPopulation {
  readonly state: PopulationState;
  readonly log: SpikeLog;
  readonly x: Pointer;
  readonly g: Pointer[];
  /** 0 where nothing arrives without a receptor. */
  readonly input: Pointer;
  /** Makes this step's spikes. */
  readonly #fire: (step: number) => number;
  readonly #frame: Arena;
  readonly #kernels: WidthKernels;
  readonly #second: Pointer;
  readonly #until: Pointer;
  #random: { state: Pointer; gap: Pointer } | undefined;

  constructor(frame: Arena, kernels: WidthKernels, state: PopulationState, recording: Recording, step: number) {
    this.#frame = frame;
    this.#kernels = kernels;
    this.state = state;
    this.log = new SpikeLog(frame, state.size, state.keep, state.kept, step, recording.take.bind(recording));
    this.x = frame.put(state.x);
    this.g = state.g.map((g) => frame.put(g));
    this.input = state.input ? frame.put(state.input) : 0;
    this.#second = state.second ? frame.put(state.second) : 0;
    this.#until = frame.put(state.until);
    switch (state.model.kind) {
      case 'spikeSource':
        this.#fire = this.#listed(step);
        break;
      case 'poissonSource':
        this.#fire = this.#drawn();
        break;
      case 'izhikevich':
        this.#fire = this.#izhikevich();
        break;
      default:
        this.#fire = this.#lif();
    }
  }

  /** Update, threshold and reset. */
  advance(step: number): void {
    this.log.open(step);
    this.log.close(step, this.#fire(step));
  }

  /** What decays towards zero for long is stopped before it becomes subnormal. */
  liftTiny(): void {
    const { state } = this;
    const tiny = TINY[this.#kernels.precision];
    const { liftTiny } = this.#kernels;
    // A membrane keeps its sign: zero might lie beyond a threshold that it only approaches.
    if (state.dynamics?.kernel === 'lif') liftTiny(this.x, state.size, tiny, tiny);
    if (state.dynamics?.adapts) liftTiny(this.#second, state.size, tiny, 0);
    for (const g of this.g) liftTiny(g, state.size, tiny, 0);
  }

  /** Writes back what the next run continues from. */
  save(step: number, hash: number): void {
    const { state } = this;
    const { heap } = this.#frame;
    const read = (to: Floats, from: Pointer) =>
      to.set(to instanceof Float32Array ? heap.f32(from, to.length) : heap.f64(from, to.length));
    read(state.x, this.x);
    state.g.forEach((g, r) => {
      read(g, this.g[r]);
    });
    if (state.input) read(state.input, this.input);
    if (state.second) read(state.second, this.#second);
    state.until.set(heap.i32(this.#until, state.until.length));
    if (state.random && this.#random) {
      state.random.state.set(new Uint32Array(heap.buffer, this.#random.state, 4));
      state.random.gap = heap.f64(this.#random.gap, 1)[0];
    }
    state.kept = this.log.kept(step);
    state.hash = hash;
  }

  /** What must happen to the input before the membrane's own step. */
  #folded(from: number): (() => void) | undefined {
    const { state, input } = this;
    const { foldReceptor, addCurrent } = this.#kernels;
    const extra = state.dynamics!.receptors.slice(from).map(({ leak }, r) => ({ g: this.g[from + r], leak }));
    const current = state.current ? this.#frame.put(state.current) : 0;
    if (extra.length === 0 && current === 0) return undefined;
    return () => {
      for (const { g, leak } of extra) foldReceptor(g, state.size, leak, input);
      if (current) addCurrent(current, state.size, input);
    };
  }

  #lif(): (step: number) => number {
    const { state, log, x, input } = this;
    const { size } = state;
    const { parameters, refractory, adapts } = state.dynamics!;
    const { lifStep } = this.#kernels;
    const P = this.#frame.put(parameters);
    const [g0 = 0, g1 = 0] = this.g;
    const adaptation = adapts ? this.#second : 0;
    const until = this.#until;
    const fold = this.#folded(2);
    return (step) => {
      fold?.();
      const held = log.from(step - refractory + 1);
      return lifStep(P, x, g0, g1, input, adaptation, until, size, step, log.pointer, held, log.at);
    };
  }

  #izhikevich(): (step: number) => number {
    const { state, log, x, input } = this;
    const { izhikevichStep } = this.#kernels;
    const P = this.#frame.put(state.dynamics!.parameters);
    const u = this.#second;
    const fold = this.#folded(0);
    return () => {
      fold?.();
      return izhikevichStep(P, x, u, input, state.size, log.pointer, log.at);
    };
  }

  #drawn(): () => number {
    const { state, log } = this;
    if (!state.random) return () => log.at;
    const { kernels, heap } = this.#frame;
    const { inverse } = state.random;
    const random = { state: this.#frame.put(new Int32Array(state.random.state.buffer)), gap: this.#frame.f64(1) };
    this.#random = random;
    heap.f64(random.gap, 1)[0] = state.random.gap;
    return () => kernels.bernoulliSpikes(random.state, random.gap, inverse, state.size, log.pointer, log.at);
  }

  #listed(start: number): (step: number) => number {
    const { log } = this;
    const { heap } = this.#frame;
    const { steps, ids } = this.state.schedule!;
    let next = 0;
    while (next < steps.length && steps[next] < start) next++;
    return (step) => {
      const from = next;
      while (next < steps.length && steps[next] === step) next++;
      if (next > from) heap.i32(log.pointer + 4 * log.at, next - from).set(ids.subarray(from, next));
      return log.at + next - from;
    };
  }
}

/** What a unit weight adds there. */
export function gainOf(target: PopulationState, receptor: number): number {
  return receptor < 0 ? 1 : target.dynamics!.receptors[receptor].gain;
}

/** Where it is added. */
export function arrivalOf(target: RunningPopulation, receptor: number): Pointer {
  return receptor < 0 ? target.input : target.g[receptor];
}
