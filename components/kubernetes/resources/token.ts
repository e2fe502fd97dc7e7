import type { V1ObjectMeta } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { label } from "../../model/labels";

/** Where the word is that changes when an object is to be made anew, as Pulumi names the place. */
export const tokenPath = `metadata.annotations["${label.generation}"]`;

/** The annotation with that word. */
export function renderToken(generation: pulumi.Input<string>): Record<string, pulumi.Input<string>> {
    return { [label.generation]: generation };
}

/** The word that an object in the cluster has. */
export function tokenIn(metadata: V1ObjectMeta | undefined): string {
    return metadata?.annotations?.[label.generation] ?? "";
}
