// SPDX-License-Identifier: GPL-2.0
/*
 * test_model.c - regions of several sizes and fills, compared with a plain array
 */
#include "model.h"
#include "rig.h"

static void a_roomy_region_behaves_like_an_array(void **state)
{
	shim_cpus(1, false);
	model_run(1, 16ull << 20, 50, 150000, 0);
}

static void a_crowded_region_behaves_like_an_array(void **state)
{
	shim_cpus(1, false);
	model_run(2, 16ull << 20, 130, 150000, 0);
	model_run(3, 16ull << 20, 105, 150000, 0);
}

static void a_region_used_from_many_cpus_behaves_like_an_array(void **state)
{
	shim_cpus(SHIM_CPUS_MAX, true);
	model_run(4, 16ull << 20, 90, 150000, 0);
	model_run(5, (24ull << 20) + 8192, 120, 150000, 0);
	shim_cpus(2, false);
}

static void a_region_with_frequent_moves_behaves_like_an_array(void **state)
{
	shim_cpus(3, true);
	model_run(6, 16ull << 20, 80, 200000, 2);
	model_run(7, 16ull << 20, 110, 200000, 1);
	shim_cpus(2, false);
}

static void a_larger_region_behaves_like_an_array(void **state)
{
	shim_cpus(2, true);
	model_run(8, 100ull << 20, 100, 150000, 0);
	shim_cpus(2, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_roomy_region_behaves_like_an_array),
		cmocka_unit_test(a_crowded_region_behaves_like_an_array),
		cmocka_unit_test(a_region_used_from_many_cpus_behaves_like_an_array),
		cmocka_unit_test(a_region_with_frequent_moves_behaves_like_an_array),
		cmocka_unit_test(a_larger_region_behaves_like_an_array),
	};

	return rig_main("model", tests);
}
