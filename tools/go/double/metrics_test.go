package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func text(seen *observed) string {
	written := new(strings.Builder)
	seen.write(written)
	return written.String()
}

func expect(t *testing.T, seen *observed, lines []string) {
	t.Helper()
	found := "\n" + text(seen)
	for _, line := range lines {
		if !strings.Contains(found, "\n"+line+"\n") {
			t.Errorf("no line %q in:\n%s", line, found)
		}
	}
}

func TestMetricsCountTheDialsOfARow(t *testing.T) {
	made := newObserved(plan{})
	server := httptest.NewServer(handler(made, true))
	defer server.Close()
	for range 2 {
		made.add(newDialer(time.Second, nil).dial(target{12, server.Listener.Addr().String()}))
	}
	expect(t, made, []string{
		`double_dials_total{row="12",target="` + server.Listener.Addr().String() + `",result="ok",service="double"} 2`,
	})
}

// Each row is dialed once with success, then twice without.
func TestAStoppedPeerChangesTheMetricsOfItsRow(t *testing.T) {
	for _, each := range []struct {
		workload           string
		row                int
		before, up, failed []string
	}{
		{playsServer, 5,
			[]string{"ixn_health_info_config_server_connected 0"},
			[]string{"ixn_health_info_config_server_connected 1"},
			[]string{"ixn_health_info_config_server_connected 0"}},
		{playsServer, 6, nil,
			[]string{`ixn_health_info_event_logger_total_events_commited{event_logger_name="kafka"} 1`},
			[]string{
				`ixn_health_info_event_logger_current_queue_size{event_logger_name="kafka"} 2`,
				"ixn_health_info_total_loggers_events_discarded_due_to_overflow 2",
			}},
		{playsServer, 16,
			[]string{"ixn_health_info_current_database_connections 0"},
			[]string{
				"ixn_health_info_current_database_connections 4", "ixn_health_info_total_database_requests 1",
				`ixn_health_info_view_frozen{view_name="chat"} 0`,
			},
			[]string{
				"ixn_health_info_current_database_connections 0", "ixn_health_info_current_database_requests 2",
				`ixn_health_info_view_frozen{view_name="chat"} 1`,
			}},
		{playsNode, 2, nil,
			[]string{`ixnnode_pull_request_total{strategy="chat"} 1`, "ixnnode_running_strategies_current 2"},
			[]string{`ixnnode_pull_request_total{strategy="chat"} 1`, "ixnnode_running_strategies_current 0"}},
		{playsNode, 13, nil,
			[]string{`ixnnode_rq_client_status{rq_node="peer:1"} 1`},
			[]string{
				`ixnnode_rq_client_status{rq_node="peer:1"} 0`,
				`ixnnode_ors_health_check_rqnode_failed_total{ors_node="ors-0"} 2`,
			}},
		{playsNode, 14, nil, nil, []string{"ixnnode_configuration_fetch_errors_total 2"}},
		{playsNode, 15,
			[]string{`ixnnode_redis_client_status{redis_client="streams"} 2`},
			[]string{
				`ixnnode_redis_client_status{redis_client="streams"} 1`,
				`ixnnode_redis_client_node_status{node="peer:1",redis_client="streams"} 1`,
				`ixnnode_redis_command_duration_sec_bucket{command="xadd",le="0.001"} 0`,
				`ixnnode_redis_command_duration_sec_bucket{command="xadd",le="0.005"} 1`,
				`ixnnode_redis_command_duration_sec_bucket{command="xadd",le="+Inf"} 1`,
				`ixnnode_redis_command_duration_sec_sum{command="xadd"} 0.002`,
				`ixnnode_redis_command_duration_sec_count{command="xadd"} 1`,
				"ixnnode_ors_health_check_sent_total 1",
				`ixnnode_ors_health_check_replied_total{ors_node="ors-0"} 1`,
			},
			[]string{
				`ixnnode_redis_client_status{redis_client="streams"} 0`,
				`ixnnode_redis_client_node_status{node="peer:1",redis_client="streams"} 0`,
				`ixnnode_redis_client_node_errors_total{node="peer:1",redis_client="streams"} 2`,
				"ixnnode_ors_health_check_sent_total 1", "ixnnode_ors_health_check_failed_total 2",
			}},
		{playsVQNode, 7,
			[]string{`ixn_vq_node_kafka_producer_state{topic="vq-events"} 0`},
			[]string{
				`ixn_vq_node_kafka_producer_state{topic="vq-events"} 1`, `ixn_vq_node_kafka_sent_total{topic="vq-events"} 1`,
			},
			[]string{
				`ixn_vq_node_kafka_producer_state{topic="vq-events"} -1`,
				`ixn_vq_node_kafka_send_errors_total{topic="vq-events"} 2`,
				`ixn_vq_node_kafka_overflown_events_total{topic="vq-events"} 2`,
			}},
	} {
		made := newObserved(plan{Workload: each.workload, Dial: []target{{each.row, "peer:1"}}})
		expect(t, made, each.before)
		made.add(outcome{Row: each.row, Address: "peer:1", Result: "ok", Millis: 2})
		expect(t, made, each.up)
		for range 2 {
			made.add(outcome{Row: each.row, Address: "peer:1", Result: "refused"})
		}
		expect(t, made, each.failed)
	}
}

func TestClientsAreCountedByTheRowForWhichTheyDial(t *testing.T) {
	made := newObserved(plan{Workload: playsServer})
	listening := httptest.NewServer(handler(made, false))
	defer listening.Close()
	for _, row := range []int{4, 4, 18} {
		newDialer(time.Second, nil).dial(target{row, listening.Listener.Addr().String()})
	}
	expect(t, made, []string{
		"ixn_health_info_current_clients 2",
		`ixn_health_info_client_count{client_type_name="Reporting engine"} 2`,
		`ixn_health_info_client_count{client_type_name="Agent application"} 0`,
		"ixn_health_info_total_requests_received 3",
	})
	made.clients[4]["127.0.0.1"] = time.Now().Add(-seenFor)
	expect(t, made, []string{"ixn_health_info_current_clients 1"})
}

func TestAPeerExportsOnlyItsDials(t *testing.T) {
	made := newObserved(plan{Dial: []target{{3, "peer:1"}}})
	if found := text(made); strings.Contains(found, "ixn") {
		t.Error(found)
	}
}
