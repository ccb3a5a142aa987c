package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/operator"
	prompkg "github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/cache"
)

// objects are those of the List, by kind.
type objects struct {
	prometheus *monitoringv1.Prometheus
	monitors   cache.Indexer
	namespaces cache.SharedIndexInformer
}

// configuration returns what the operator writes for the Prometheus in the List that it reads.
func configuration(input io.Reader) ([]byte, error) {
	found, err := read(input)
	if err != nil {
		return nil, err
	}
	// It stays empty: neither the Prometheus nor the ServiceMonitors refer to a Secret.
	store := assets.NewTestStoreBuilder()
	monitors, err := selected(found, store)
	if err != nil {
		return nil, err
	}
	generator, err := prompkg.NewConfigGenerator(slog.Default(), found.prometheus, prompkg.WithEndpointSliceSupport())
	if err != nil {
		return nil, err
	}
	return generator.GenerateServerConfiguration(found.prometheus, monitors, nil, nil, nil, store, nil, nil, nil, nil)
}

// selected returns the ServiceMonitors that the Prometheus selects, by namespace and name.
func selected(found objects, store *assets.StoreBuilder) (map[string]*monitoringv1.ServiceMonitor, error) {
	selector, err := prompkg.NewResourceSelector(
		slog.Default(), found.prometheus, store, found.namespaces,
		operator.NewMetrics(prometheus.NewRegistry()), operator.NewFakeRecorder(100, found.prometheus),
	)
	if err != nil {
		return nil, err
	}
	list := func(namespace string, selector labels.Selector, add cache.AppendFunc) error {
		return cache.ListAllByNamespace(found.monitors, namespace, selector, add)
	}
	result, err := selector.SelectServiceMonitors(context.Background(), list)
	if err != nil {
		return nil, err
	}
	if valid := result.ValidResources(); len(valid) == len(result) {
		return valid, nil
	}
	return nil, fmt.Errorf("the operator rejects some of the ServiceMonitors")
}

func read(input io.Reader) (objects, error) {
	made := objects{
		monitors:   cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}),
		namespaces: cache.NewSharedIndexInformer(nil, &corev1.Namespace{}, 0, cache.Indexers{}),
	}
	var list struct{ Items []json.RawMessage }
	if err := json.NewDecoder(input).Decode(&list); err != nil {
		return made, err
	}
	for _, item := range list.Items {
		if err := made.add(item); err != nil {
			return made, err
		}
	}
	if made.prometheus == nil {
		return made, fmt.Errorf("the list has no Prometheus")
	}
	return made, nil
}

func (o *objects) add(item json.RawMessage) error {
	var object struct{ Kind string }
	if err := json.Unmarshal(item, &object); err != nil {
		return err
	}
	switch object.Kind {
	case "Prometheus":
		o.prometheus = &monitoringv1.Prometheus{}
		return json.Unmarshal(item, o.prometheus)
	case "ServiceMonitor":
		monitor := &monitoringv1.ServiceMonitor{}
		if err := json.Unmarshal(item, monitor); err != nil {
			return err
		}
		return o.monitors.Add(monitor)
	case "Namespace":
		namespace := &corev1.Namespace{}
		if err := json.Unmarshal(item, namespace); err != nil {
			return err
		}
		return o.namespaces.GetStore().Add(namespace)
	}
	return fmt.Errorf("unexpected kind %q", object.Kind)
}
