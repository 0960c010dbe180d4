import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { followKeyboard } from '$lib/ui/viewport';

followKeyboard();

const target = document.getElementById('app');
if (target !== null) mount(App, { target });
