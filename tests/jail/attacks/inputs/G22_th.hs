-- SPDX-License-Identifier: Apache-2.0
{-# LANGUAGE TemplateHaskell #-}
import Language.Haskell.TH
import System.Process

main = putStrLn $(runIO (readProcess "sh" ["-c", "id >th_ran; cat /etc/shadow @SECRET@ @PUBLIC@ 2>&1 || :"] "") >>= stringE)
