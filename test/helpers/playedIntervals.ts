interface PlayedInterval {
    ms: number;
    run: () => void;
    /** Whether it keeps the program from ending. */
    keeps: boolean;
}

/** Stands in for the timers that repeat, each of which runs when a test says so. */
export class PlayedIntervals {
    readonly running = new Set<PlayedInterval>();
    private readonly real = { set: globalThis.setInterval, clear: globalThis.clearInterval };

    constructor() {
        globalThis.setInterval = ((run: () => void, ms: number) => {
            const interval = { ms, run, keeps: true, unref: () => (interval.keeps = false) };
            this.running.add(interval);
            return interval;
        }) as unknown as typeof setInterval;
        globalThis.clearInterval = (interval: unknown) => void this.running.delete(interval as PlayedInterval);
    }

    /** Lets each of them run once, and what waits for it too. */
    async tick(): Promise<void> {
        this.running.forEach(({ run }) => run());
        await Promise.resolve();
    }

    /** Brings the real ones back. */
    restore(): void {
        globalThis.setInterval = this.real.set;
        globalThis.clearInterval = this.real.clear;
    }
}
