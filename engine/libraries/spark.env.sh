# What Spark finds of its session, where nothing else says it: a driver's cluster, its address for executors, and its memory beside Spark's master.
if [ -n "$CML_MASTER_IP" ]; then
    MASTER=${MASTER:-spark://$CML_MASTER_IP:7077}
    SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-$CDSW_IP_ADDRESS}
    SPARK_LOCAL_HOSTNAME=${SPARK_LOCAL_HOSTNAME:-$CDSW_IP_ADDRESS}
    # Less than 512 MiB is not enough for any driver.
    [ "$CDSW_MEMORY_MB" -ge 1152 ] && SPARK_DRIVER_MEMORY=${SPARK_DRIVER_MEMORY:-$((CDSW_MEMORY_MB - 640))m}
    SPARK_DRIVER_MEMORY=${SPARK_DRIVER_MEMORY:-512m}
fi
