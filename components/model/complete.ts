/** Every property with its default; `undefined` for one that has none, or whose default derives from other properties. */
export type DefaultsOf<T> = { [K in keyof Required<T>]: T[K] | undefined };

/** A spec whose properties are there, as far as they have a default. */
export type Complete<T, Defaults> = T & {
    [K in keyof T & keyof Defaults as undefined extends Defaults[K] ? never : K]-?: Exclude<T[K], undefined>;
};

/** The properties that are given, and the defaults of the others. */
export function complete<T extends object, Defaults extends DefaultsOf<T>>(
    given: T | undefined,
    defaults: Defaults,
): Complete<T, Defaults> {
    return { ...defaults, ...read(given, defaults) } as unknown as Complete<T, Defaults>;
}

/** The properties of these names that are given: also by a getter or a prototype, which a spread of the object would lose. */
export function read<T extends object>(given: T | undefined, names: Record<keyof T, unknown>): Partial<T> {
    if (typeof given !== "object" || given === null) {
        return {};
    }
    const properties = (Object.keys(names) as (keyof T)[]).map((name) => [name, given[name]] as const);
    return Object.fromEntries(properties.filter(([, value]) => value !== undefined)) as Partial<T>;
}
