package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/operator"
	prompkg "github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/yaml"
)

// objects are those of the List, by kind.
type objects struct {
	prometheus *monitoringv1.Prometheus
	rules      []*monitoringv1.PrometheusRule
	monitors   cache.Indexer
	namespaces cache.SharedIndexInformer
}

// configuration returns what the operator writes for the Prometheus, without rules.
func configuration(found objects) ([]byte, error) {
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

// rules returns the contents of the selected PrometheusRules as files of rules, by namespace and name.
func rules(found objects) (map[string][]byte, error) {
	selector, err := metav1.LabelSelectorAsSelector(found.prometheus.Spec.RuleSelector)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, rule := range found.rules {
		if !selector.Matches(labels.Set(rule.Labels)) {
			continue
		}
		if errs := operator.ValidateRule(rule.Spec, model.LegacyValidation, parser.Options{}); len(errs) > 0 {
			return nil, fmt.Errorf("the operator rejects the PrometheusRule %s: %w", rule.Name, errors.Join(errs...))
		}
		text, err := yaml.Marshal(rule.Spec)
		if err != nil {
			return nil, err
		}
		files[rule.Namespace+"-"+rule.Name] = text
	}
	return files, nil
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
	case "PrometheusRule":
		rule := &monitoringv1.PrometheusRule{}
		o.rules = append(o.rules, rule)
		return json.Unmarshal(item, rule)
	case "Namespace":
		namespace := &corev1.Namespace{}
		if err := json.Unmarshal(item, namespace); err != nil {
			return err
		}
		return o.namespaces.GetStore().Add(namespace)
	}
	return fmt.Errorf("unexpected kind %q", object.Kind)
}
