package main

// The workloads that a double can play, by the package's names.
const (
	playsServer = "ixn-server"
	playsNode   = "ixn-node"
	playsVQNode = "ixn-vqnode"
)

// familiesOf returns the metrics of the workload that the double plays; none for a peer.
//
// Names and labels are those of the package's catalog (monitoring/metrics.yaml), which a test compares. Values follow
// from the dials and the clients as far as a connection of the table shows in a metric, and are made up otherwise.
func familiesOf(made plan) []family {
	switch made.Workload {
	case playsServer:
		return append(serverConnections(), serverTraffic()...)
	case playsNode:
		return append(nodeConnections(made), nodeRouting()...)
	case playsVQNode:
		return vqNodeFamilies()
	}
	return nil
}

const (
	strategyLabel = `strategy="%s"`
	loggerLabel   = `event_logger_name="kafka"`
	orsLabel      = `ors_node="ors-0"`
	topicLabel    = `topic="vq-events"`
)

func serverConnections() []family {
	return []family{
		gauge("ixn_health_info_config_server_connected", is(state(0, 0, 1, 5))),
		gauge("ixn_health_info_run_mode", is(fixed(0))),
		gauge("ixn_health_info_switch_to_primary_time", is(started)),
		gauge("ixn_health_info_current_clients", is(clients(2, 3, 4, 18))),
		gauge("ixn_health_info_current_routers", is(clients(2))),
		gauge("ixn_health_info_client_count",
			with(`client_type_name="Routing engine"`, clients(2)),
			with(`client_type_name="Agent application"`, clients(3)),
			with(`client_type_name="Reporting engine"`, clients(4, 18)),
			with(`client_type_name="Media server"`, fixed(0)),
			with(`client_type_name="Proxy"`, fixed(0))),
		counter("ixn_health_info_client_protocol_request_total",
			with(`client_type_name="Routing engine",protocol_request_name="RequestPull"`, asked(2)),
			with(`client_type_name="Agent application",protocol_request_name="RequestPlaceInQueue"`, asked(3)),
			with(`client_type_name="Reporting engine",protocol_request_name="RequestPing"`, asked(4, 18))),
		counter("ixn_health_info_total_requests_received", is(asked(2, 3, 4, 18))),
		counter("ixn_health_info_total_requests_handled", is(asked(2, 3, 4, 18))),
		gauge("ixn_health_info_current_database_connections", is(connections(16))),
		gauge("ixn_health_info_current_database_requests", is(pending(16))),
		counter("ixn_health_info_total_database_requests", is(succeeded(16))),
		counter("ixn_health_info_total_database_deadlocks", is(fixed(0))),
		gauge("ixn_health_info_current_loggers", is(fixed(1))),
		counter("ixn_health_info_total_loggers_events_received", is(dialed(6))),
		counter("ixn_health_info_total_loggers_events_commited", is(succeeded(6))),
		counter("ixn_health_info_total_loggers_events_discarded_due_to_overflow", is(failed(6))),
		gauge("ixn_health_info_event_logger_current_queue_size", with(loggerLabel, pending(6))),
		counter("ixn_health_info_event_logger_total_events_received", with(loggerLabel, dialed(6))),
		counter("ixn_health_info_event_logger_total_events_filtered_out_by_id", with(loggerLabel, fixed(0))),
		counter("ixn_health_info_event_logger_total_events_commited", with(loggerLabel, succeeded(6))),
		counter("ixn_health_info_event_logger_total_events_discarded_due_to_overflow", with(loggerLabel, failed(6))),
	}
}

func serverTraffic() []family {
	const (
		router   = `router_name="ixn-node"`
		strategy = router + `,strategy_name="%s"`
		queue    = `media_name="%s",queue_name="inbound"`
		media    = `media_name="%s"`
		view     = `view_name="%s"`
	)
	return []family{
		gauge("ixn_health_info_current_request_queue_size", is(fixed(0))),
		gauge("ixn_health_info_current_request_queue_wait", is(fixed(0))),
		counter("ixn_health_info_router_total_submitted", with(router, asked(2))),
		gauge("ixn_health_info_router_currently_submitted", with(router, fixed(2))),
		gauge("ixn_health_info_router_current_capacity", with(router, fixed(98))),
		gauge("ixn_health_info_router_max_submitted", with(router, fixed(100))),
		gauge("ixn_health_info_router_strategy_load_count", both(strategy, "chat", "email", fixed(1))...),
		gauge("ixn_health_info_router_strategy_last_submitted_at", both(strategy, "chat", "email", started)...),
		counter("ixn_health_info_router_strategy_total_submitted", both(strategy, "chat", "email", asked(2))...),
		gauge("ixn_health_info_router_strategy_currently_submitted", both(strategy, "chat", "email", fixed(1))...),
		gauge("ixn_health_info_router_strategy_current_capacity", both(strategy, "chat", "email", fixed(49))...),
		gauge("ixn_health_info_current_strategies", is(fixed(2))),
		gauge("ixn_health_info_current_views", is(fixed(2))),
		gauge("ixn_health_info_view_have_interactions", both(view, "chat", "email", fixed(1))...),
		// Without a database, nothing can be submitted from a view.
		gauge("ixn_health_info_view_frozen", both(view, "chat", "email", state(0, 1, 0, 16))...),
		gauge("ixn_health_info_queue_media_waiting_processing", both(queue, "chat", "email", fixed(2))...),
		gauge("ixn_health_info_queue_media_in_processing", both(queue, "chat", "email", fixed(3))...),
		gauge("ixn_health_info_queue_media_in_router", both(queue, "chat", "email", fixed(1))...),
		gauge("ixn_health_info_queue_media_on_agent", both(queue, "chat", "email", fixed(2))...),
		gauge("ixn_health_info_queue_media_current_length", both(queue, "chat", "email", fixed(2))...),
		gauge("ixn_health_info_agent_logged_in_count", is(fixed(3))),
		gauge("ixn_health_info_agent_media_count", both(media, "chat", "email", fixed(3))...),
		gauge("ixn_health_info_agent_media_ready_count", both(media, "chat", "email", fixed(1))...),
		gauge("ixn_health_info_agent_media_handling_count", both(media, "chat", "email", fixed(2))...),
		gauge("ixn_health_info_db_init_in_progress", is(fixed(0))),
		gauge("ixn_health_info_db_init_start_time", is(started)),
		gauge("ixn_health_info_db_init_end_time", is(func(o *observed) float64 { return started(o) + 1 })),
		gauge("ixn_health_info_current_tasks", is(fixed(1))),
		counter("ixn_health_info_total_tasks", is(uptime)),
	}
}

func nodeConnections(made plan) []family {
	const (
		client = `redis_client="%s"`
		redis  = `node="%s",redis_client="streams"`
	)
	return []family{
		counter("ixnnode_configuration_fetch_errors_total", is(failed(14))),
		gauge("ixnnode_last_fetched_configuration_timestamp", is(lastSuccess(14))),
		counter("ixnnode_pull_request_total", both(strategyLabel, "chat", "email", succeeded(2))...),
		counter("ixnnode_interactions_pulled_total", both(strategyLabel, "chat", "email", succeeded(2))...),
		counter("ixnnode_route_request_sent_total", both(strategyLabel, "chat", "email", succeeded(15))...),
		counter("ixnnode_route_request_failed_total", both(strategyLabel, "chat", "email", failed(15))...),
		gauge("ixnnode_redis_client_status", both(client, "streams", "commands", state(2, 0, 1, 15))...),
		gauge("ixnnode_redis_client_node_status", each(made, 15, redis, reached(1, 0))...),
		counter("ixnnode_redis_client_errors_total", both(client, "streams", "commands", failed(15))...),
		counter("ixnnode_redis_client_node_errors_total", each(made, 15, redis, failures)...),
		histogram("ixnnode_redis_command_duration_sec", 15, `command="xadd"`, `command="xreadgroup"`),
		histogram("ixnnode_redis_instructions_stream_latency_sec", 15, orsLabel),
		gauge("ixnnode_rq_client_status", each(made, 13, `rq_node="%s"`, reached(1, 0))...),
		counter("ixnnode_ors_health_check_sent_total", is(succeeded(15))),
		counter("ixnnode_ors_health_check_failed_total", is(failed(15))),
		counter("ixnnode_ors_health_check_replied_total", with(orsLabel, succeeded(15))),
		counter("ixnnode_ors_health_check_unsolicited_total", with(orsLabel, fixed(0))),
		histogram("ixnnode_ors_health_check_roundtrip_duration_sec", 15, orsLabel),
		counter("ixnnode_ors_health_check_rqnode_sent_total", with(orsLabel, succeeded(13))),
		counter("ixnnode_ors_health_check_rqnode_failed_total", with(orsLabel, failed(13))),
		counter("ixnnode_unsolicited_notifications_total", is(dialed(13))),
		counter("ixnnode_unsolicited_notifications_sent_total", is(succeeded(13))),
		counter("ixnnode_unsolicited_notifications_failed_total", is(failed(13))),
	}
}

func nodeRouting() []family {
	return []family{
		counter("ixnnode_request_total", is(uptime)),
		counter("ixnnode_success_total", is(uptime)),
		counter("ixnnode_client_error_total", is(fixed(0))),
		counter("ixnnode_server_error_total", is(fixed(0))),
		counter("ixnnode_errors_total", is(fixed(0))),
		gauge("ixnnode_configured_strategies_current", is(fixed(2))),
		gauge("ixnnode_running_strategies_current", is(state(0, 0, 2, 2))),
		counter("ixnnode_interactions_placed_back_total",
			with(`reason="InternalError",strategy="chat"`, failed(15)),
			with(`reason="StrategyRequest",strategy="chat"`, fixed(0))),
		gauge("ixnnode_routing_sessions_in_routing", is(fixed(2))),
		counter("ixnnode_routing_instructions_received_total",
			with(`strategy="chat",type="terminal"`, succeeded(15)),
			with(`strategy="chat",type="non-terminal"`, succeeded(15))),
		counter("ixnnode_all_instructions_received_total", is(sum(15, 2, func(t *tally) int { return t.ok }))),
		gauge("ixnnode_instructions_processing_queue_size", both(`type="%s"`, "terminal", "non-terminal", fixed(1))...),
		gauge("ixnnode_instructions_processing_queue_concurrency_limit", is(fixed(100))),
		gauge("ixnnode_instructions_processed_by_ixn_current", is(fixed(1))),
	}
}

func vqNodeFamilies() []family {
	return []family{
		counter("ixn_vq_node_received_total", with(`router="urs"`, asked(8))),
		counter("ixn_vq_node_forwarded_total", with(`client="statserver"`, asked(9))),
		gauge("ixn_vq_node_kafka_producer_state", with(topicLabel, state(0, -1, 1, 7))),
		counter("ixn_vq_node_kafka_sent_total", with(topicLabel, succeeded(7))),
		counter("ixn_vq_node_kafka_send_errors_total", with(topicLabel, failed(7))),
		counter("ixn_vq_node_kafka_overflown_events_total", with(topicLabel, failed(7))),
		counter("ixn_vq_node_avro_convert_errors_total", with(topicLabel, fixed(0))),
	}
}
