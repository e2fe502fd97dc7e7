import { Problem } from "../model/errors";

/** A check of properties against each other. It runs where each of them is sound. */
export interface CrossCheck {
    reads: string[];
    problemsOf: () => Problem[];
}
