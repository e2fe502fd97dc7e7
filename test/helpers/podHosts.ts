import { JobView } from "../../components/kubernetes/runtime/jobs/jobView";
import { LivePods } from "../../components/kubernetes/runtime/livePods";
import { PodHost } from "../../components/kubernetes/runtime/podHost";
import { planSession } from "../../components/model/plan";
import { PlayedCluster, eventually } from "./playedCluster";
import { PlayedPod, pod } from "./pods";
import { PartialArgs, sessionArgs } from "./session";

const opened: LivePods[] = [];

/** The engines of a session in a cluster with these Pods. */
export async function openPodHost(pods: PlayedPod[], args: PartialArgs = {}) {
    const played = new PlayedCluster(...pods.map((each) => pod(each)));
    const { cluster } = played;
    const live = await LivePods.open(cluster, "a=b", true);
    opened.push(live);
    await eventually(() => played.watches.length === 1);
    const [jobs, plan] = [new JobView(), planSession("s", sessionArgs(args), undefined)];
    const host = new PodHost({ cluster, live, jobs }, plan);
    return { played, host, live, jobs, watch: played.watches[0]! };
}

/** Ends the watches of a test. */
export function closePodHosts(): void {
    opened.splice(0).forEach((live) => live.close());
}
