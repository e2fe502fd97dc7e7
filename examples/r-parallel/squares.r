# Computes squares on all workers of the cluster, which the master finds as `cl`.

squares <- parLapply(cl, 1:12, function(i) i^2)
cat("The squares:", unlist(squares), "\n")

hosts <- unique(unlist(clusterCall(cl, function() Sys.info()[["nodename"]])))
cat("They come from", length(hosts), "workers.\n")
